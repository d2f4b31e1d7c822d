// Certificate: what the platform proves itself with over TLS.
//
// Either files that the operator names, or a certificate for this machine alone that is made at the
// first start: it keeps passers-by from listening and convinces nobody, so production refuses it.
// A key that others can read refuses the start.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createSecureContext } from 'node:tls'
import { generate } from 'selfsigned'
import { StartError } from '#kernel/start-error.ts'
import { readKey, readOldKey, writeKey } from './key-files.ts'

export type Certificate = { readonly key: string; readonly cert: string }

export type CertificateSource =
  | { readonly kind: 'files'; readonly certFile: string; readonly keyFile: string }
  | { readonly kind: 'development'; readonly dataFolder: string }

const DEVELOPMENT_FILE = 'development-tls.pem'
const YEAR_MS = 365 * 86_400_000

/** Throws StartError when it cannot be used; never with a key in its text. */
export async function readCertificate(source: CertificateSource): Promise<Certificate> {
  if (source.kind === 'development') return development(join(source.dataFolder, 'keys'))
  const { certFile, keyFile } = source
  const certificate = { key: readKey(keyFile), cert: readPublic(certFile) }
  try {
    createSecureContext(certificate)
  } catch {
    throw new StartError(`${certFile} and ${keyFile} are no certificate and key that fit`)
  }
  return certificate
}

/** Key and certificate in one file of the data folder. */
async function development(folder: string): Promise<Certificate> {
  const known = readOldKey(folder, DEVELOPMENT_FILE)
  const pem = known ?? (await makeDevelopment())
  if (known === undefined) writeKey(join(folder, DEVELOPMENT_FILE), pem)
  return { key: pem, cert: pem }
}

async function makeDevelopment(): Promise<string> {
  const made = await generate([{ name: 'commonName', value: 'localhost' }], {
    ...{ keyType: 'ec', curve: 'P-256', algorithm: 'sha256' },
    notAfterDate: new Date(Date.now() + 10 * YEAR_MS),
    extensions: [
      { name: 'basicConstraints', cA: false, critical: true },
      { name: 'keyUsage', digitalSignature: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      {
        name: 'subjectAltName',
        altNames: [
          { type: 2, value: 'localhost' },
          { type: 7, ip: '127.0.0.1' },
          { type: 7, ip: '::1' },
        ],
      },
    ],
  })
  return `${made.private.trim()}\n${made.cert.trim()}`
}

/** A certificate is public: anybody may read its file. */
function readPublic(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    throw new StartError(`cannot read the certificate ${file}`)
  }
}
