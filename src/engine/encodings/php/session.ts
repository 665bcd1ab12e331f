/** How a value of a PHP session begins; no serialised value begins so. A name with ! before it is one that is not set, and has no value. */
export const sessionName = /^!?[^|!"{};]+\|/
