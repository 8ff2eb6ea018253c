import Type, { type Static } from 'typebox'
import { Nullable, oneOf, Time } from './shape.ts'

export const LEAST_PASSWORD = 10

const NewPassword = Type.String({ minLength: LEAST_PASSWORD, maxLength: 500 })
const Password = Type.String({ minLength: 1, maxLength: 500, description: 'the one that you sign in with now' })

export const Account = Type.Object({
  id: Type.Integer(),
  email: Type.String(),
  name: Type.String(),
  has_password: Type.Boolean({ description: 'false: whoever signs in through their organization alone' }),
  totp_since: Nullable(Time),
  recovery_codes: Type.Integer({ description: 'how many were not used yet' }),
})
export type Account = Static<typeof Account>

export const AccountUpdate = Type.Object({ name: Type.String({ minLength: 1, maxLength: 200 }) }, { additionalProperties: false })

export const PasswordChange = Type.Object({ password: Password, new_password: NewPassword }, { additionalProperties: false })

/** A browser that is signed in. */
export const OpenSession = Type.Object({
  id: Type.Integer(),
  browser: Nullable(Type.String()),
  os: Nullable(Type.String()),
  ip: Nullable(Type.String()),
  country_code: Nullable(Type.String({ description: 'ISO 3166' })),
  method: oneOf(['password', 'oidc']),
  created_at: Time,
  seen_at: Time,
  is_this: Type.Boolean({ description: 'the one that asks' }),
})
export type OpenSession = Static<typeof OpenSession>

export const OpenSessions = Type.Object({ data: Type.Array(OpenSession) })
export type OpenSessions = Static<typeof OpenSessions>

export const PasswordReset = Type.Object(
  { email: Type.String({ minLength: 3, maxLength: 320 }) },
  { additionalProperties: false },
)

/** The same for everybody: whether somebody has this e-mail is not told. */
export const PasswordResetTaken = Type.Object({
  sends_mail: Type.Boolean({ description: 'false: this server sends no mail. Whoever runs it makes the link' }),
})

export const PasswordChoice = Type.Object(
  { token: Type.String({ minLength: 20, maxLength: 100 }), password: NewPassword },
  { additionalProperties: false },
)

/** What the door offers before anybody is signed in. */
export const SignInWays = Type.Object({
  sends_mail: Type.Boolean(),
  sign_on: Nullable(Type.String({ description: 'what the button says, when people sign in through their organization' })),
  has_passwords: Type.Boolean({ description: 'false where that is the only way' }),
})
export type SignInWays = Static<typeof SignInWays>

/** The password was right, and a code is asked for. Good for ten minutes. */
export const SecondStep = Type.Object({ second_step: Type.String({ description: 'send it back with the code' }) })
export type SecondStep = Static<typeof SecondStep>

const Code = Type.String({ minLength: 6, maxLength: 40, description: 'of the authenticator app, or a recovery code' })

export const SecondStepCode = Type.Object(
  { second_step: Type.String({ minLength: 20, maxLength: 100 }), code: Code },
  { additionalProperties: false },
)

export const PasswordGiven = Type.Object({ password: Password }, { additionalProperties: false })
export const FirstCode = Type.Object({ code: Code }, { additionalProperties: false })
export const PasswordAndCode = Type.Object({ password: Password, code: Code }, { additionalProperties: false })

export const TotpSetUp = Type.Object({
  secret: Type.String({ description: 'to type in by hand' }),
  uri: Type.String({ description: 'otpauth://, for a QR code' }),
})
export type TotpSetUp = Static<typeof TotpSetUp>

export const RecoveryCodes = Type.Object({
  recovery_codes: Type.Array(Type.String(), { description: 'shown this once; each signs in once, instead of a code' }),
})
export type RecoveryCodes = Static<typeof RecoveryCodes>

/** Why somebody who comes from their organization may not in. */
export const SIGN_ON_REFUSALS = ['not_verified', 'not_known', 'other_person', 'late', 'failed'] as const
export type SignOnRefusal = (typeof SIGN_ON_REFUSALS)[number]
