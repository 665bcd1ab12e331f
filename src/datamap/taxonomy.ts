/** True when `prefix` is the category or one above it: `user.name` covers `user.name.first`, not `user.name_x`. */
export const covers = (prefix: string, category: string): boolean =>
  category === prefix || category.startsWith(`${prefix}.`)

/** Data about a person, as fideslang sorts it. */
export const isPersonal = (category: string): boolean => covers('user', category)

const children: Readonly<Record<string, string>> = {
  '': 'system user',
  system: 'authentication operations',
  user:
    'account authorization behavior biometric biometrics childrens children contact content criminal_history demographic ' +
    'device financial government_id health health_and_medical job_title location name payment privacy_preferences ' +
    'professional_information sensor settings social social_activity telemetry unique_id user_sensor workplace',
  'user.account': 'settings username',
  'user.authorization': 'biometric biometrics credentials password',
  'user.behavior': 'browsing_history media_consumption purchase_history search_history',
  'user.biometric': 'fingerprint health retinal voice',
  'user.biometrics': 'fingerprint retinal voice',
  'user.children': 'children_under_thirteen thirteen_to_sixteen',
  'user.contact': 'address email fax_number organization phone_number social_url url',
  'user.contact.address': 'city country mailing_address postal_code state street',
  'user.content': 'private public self_image',
  'user.demographic':
    'age_range citizenship_or_immigration_status date_of_birth gender language marital_status philosophical_belief ' +
    'political_opinion profile protected_classifications race_ethnicity religious_belief sexual_orientation union_membership',
  'user.device': 'cookie cookie_id device_id ip_address sensor telemetry',
  'user.financial': 'bank_account credit_card',
  'user.government_id':
    'birth_certificate drivers_license_number immigration national_identification_number passport_number vehicle_registration',
  'user.health':
    'baby_formula condition genetic insurance_beneficiary_id maternity_clothing medical_diagnosis medications prescriptions ' +
    'record_id reproductive_or_sexual social_psychological_behavioral symptons treatment',
  'user.health_and_medical': 'genetic insurance_beneficiary_id record_id',
  'user.location': 'coarse imprecise precise',
  'user.name': 'first last',
  'user.professional_information': 'job_title workplace',
  'user.unique_id': 'pseudonymous',
}

/** fideslang's own data categories, deprecated ones included: a map may use more, with a warning against slips. */
export const knownCategories: ReadonlySet<string> = new Set(
  Object.entries(children).flatMap(([parent, names]) =>
    names.split(' ').map((name) => (parent ? `${parent}.${name}` : name)),
  ),
)
