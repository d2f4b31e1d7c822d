// Account calls: who somebody is, and what protects it.
//
// None of them is repeated by itself: a code is good for one use, and a password's work costs.

import type { Call } from './call.ts'
import type { Outcome } from './outcome.ts'
import type {
  Challenge,
  Factor,
  KeyInfo,
  Letter,
  Login,
  Me,
  NewKey,
  NewKeyBody,
  Page,
  Registered,
  SecondStep,
  Session,
  Tokens,
  User,
} from './shapes.ts'

type Credentials = { readonly email: string; readonly password: string }
type Answer = { readonly id: string; readonly code: string }
type Proof = { readonly password: string; readonly code: string }
type By = { readonly refresh?: 'body' | 'cookie' }

export function accountCalls(call: Call) {
  const post = <T>(path: string, body: unknown = {}) => call<T>({ method: 'POST', path, body })
  const get = <T>(path: string) => call<T>({ method: 'GET', path })
  const remove = (path: string) => call<null>({ method: 'DELETE', path })
  return {
    register: (body: Credentials) => post<Registered>('/v1/auth/register', body),
    confirmEmail: (body: Answer) => post<{ user: User }>('/v1/auth/register/confirm', body),
    login: (body: Credentials & By) => post<Login>('/v1/auth/login', body),
    secondStep: (body: Answer & By & Pick<SecondStep, 'by'>) =>
      post<Tokens>('/v1/auth/login/second', body),
    refresh: (body: { refreshToken?: string } = {}) => post<Tokens>('/v1/auth/refresh', body),
    logout: (body: { refreshToken?: string } = {}) => post<null>('/v1/auth/logout', body),
    me: () => get<Me>('/v1/me'),
    ...protection(post),
    sessions: () => get<Page<Session>>('/v1/auth/sessions'),
    revokeSession: (id: string) => remove(`/v1/auth/sessions/${encodeURIComponent(id)}`),
    keys: () => get<Page<KeyInfo>>('/v1/auth/keys'),
    createKey: (body: NewKeyBody) => post<NewKey>('/v1/auth/keys', body),
    revokeKey: (id: string) => remove(`/v1/auth/keys/${encodeURIComponent(id)}`),
    /** Letters that were not sent; where there is a mailbox, and on a loopback address alone. */
    mailbox: (to: string) =>
      call<Page<Letter>>({ method: 'GET', path: '/v1/mailbox', query: { to } }),
  }
}

type Post = <T>(path: string, body?: unknown) => Promise<Outcome<T>>

function protection(post: Post) {
  type Asked = { readonly challenge: Challenge }
  return {
    /** A new code to one's own e-mail. */
    mailCode: () => post<Asked>('/v1/auth/verification'),
    askReset: (email: string) => post<Asked>('/v1/auth/password/reset', { email }),
    resetPassword: (body: Answer & { password: string }) =>
      post<null>('/v1/auth/password/reset/confirm', body),
    askUnlock: (email: string) => post<Asked>('/v1/auth/unlock', { email }),
    unlock: (body: Answer) => post<null>('/v1/auth/unlock/confirm', body),
    changePassword: (body: { current: string; password: string }) =>
      post<null>('/v1/auth/password', body),
    askEmailChange: (body: Credentials) => post<Asked>('/v1/auth/email', body),
    changeEmail: (body: Answer) => post<null>('/v1/auth/email/confirm', body),
    beginFactor: (password: string) => post<Factor>('/v1/auth/totp', { password }),
    confirmFactor: (code: string) =>
      post<{ recoveryCodes: string[] }>('/v1/auth/totp/confirm', { code }),
    removeFactor: (body: Proof) => post<null>('/v1/auth/totp/remove', body),
    renewRecoveryCodes: (body: Proof) =>
      post<{ recoveryCodes: string[] }>('/v1/auth/totp/recovery-codes', body),
  }
}
