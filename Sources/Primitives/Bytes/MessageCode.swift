/// The code that proves that who made it had `key`: HMAC with SHA-256 (FIPS 198-1), 32 bytes.
package func messageCode(of message: [UInt8], key: [UInt8]) -> [UInt8] {
  var padded = key
  if padded.count > 64 { padded = digest(of: padded) }
  padded += [UInt8](repeating: 0, count: 64 - padded.count)
  let inner = digest(of: padded.map { $0 ^ 0x36 } + message)
  return digest(of: padded.map { $0 ^ 0x5C } + inner)
}

private func digest(of bytes: [UInt8]) -> [UInt8] {
  var hash = SHA256()
  hash.update(bytes.span)
  return hash.digest()
}
