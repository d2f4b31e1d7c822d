// Letters: what people are told by mail. No links, so that nobody learns to follow one.

export type LetterText = { readonly subject: string; readonly text: string }

const IF_NOT_YOU = 'If it was not you, do nothing: without the code nothing happens.'

function withCode(subject: string, why: string, code: string): LetterText {
  const lines = [why, '', `Your code: ${code}`, '', 'It is good for ten minutes.', IF_NOT_YOU]
  return { subject, text: lines.join('\n') }
}

export const LETTERS = {
  confirm: (code: string) =>
    withCode('Confirm your e-mail address', 'Somebody registers at Crossbook with it.', code),
  alreadyRegistered: (): LetterText => ({
    subject: 'You have an account already',
    text: [
      'Somebody registers at Crossbook with your e-mail address, which has an account.',
      'If it was you: sign in, or ask for a new password. If not, do nothing.',
    ].join('\n'),
  }),
  signIn: (code: string) =>
    withCode('Your code to sign in', 'Somebody signs in to Crossbook with your password.', code),
  reset: (code: string) =>
    withCode('Choose a new password', 'Somebody asks for a new password for Crossbook.', code),
  unlock: (code: string) =>
    withCode('Unlock your account', 'Somebody asks to unlock your account at Crossbook.', code),
  newEmail: (code: string) =>
    withCode('Confirm your new e-mail address', 'Somebody moves a Crossbook account to it.', code),
  emailMoves: (): LetterText => ({
    subject: 'Your e-mail address is being changed',
    text: [
      'A signed-in session of your Crossbook account asks to move it to another e-mail address.',
      'If it was not you: change your password now, which ends all other sessions.',
    ].join('\n'),
  }),
  changed: (what: string): LetterText => ({
    subject: `Your ${what} was changed`,
    text: [
      `The ${what} of your Crossbook account was changed just now.`,
      'If it was not you: ask for a new password at once, which ends every session.',
    ].join('\n'),
  }),
  newDevice: (device: string): LetterText => ({
    subject: 'A sign-in from a new device',
    text: [
      `Your Crossbook account was signed in to from a device that it did not know: ${device}`,
      'If it was not you: end that session and change your password.',
    ].join('\n'),
  }),
  locked: (): LetterText => ({
    subject: 'Your account is locked',
    text: [
      'There were too many wrong attempts to sign in to your Crossbook account today.',
      'Nobody can sign in until tomorrow, or until you unlock it with a code sent to this address.',
    ].join('\n'),
  }),
} as const
