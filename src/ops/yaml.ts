/** The reader lies in base, because the data map (which may import base only) reads files too; new code imports it from there. */
export * from '../base/yaml.ts'
