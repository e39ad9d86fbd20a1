/// A file's bytes as text: without the byte order mark that it begins with, and as UTF-8 where that says UTF-16. What
/// is no UTF-16 becomes U+FFFD.
func decodedText(_ bytes: [UInt8]) -> [UInt8] {
  if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { return Array(bytes[3...]) }
  guard bytes.count >= 2 else { return bytes }
  switch (bytes[0], bytes[1]) {
  case (0xFF, 0xFE): return decodedUTF16(bytes, isBigEndian: false)
  case (0xFE, 0xFF): return decodedUTF16(bytes, isBigEndian: true)
  default: return bytes
  }
}

private func decodedUTF16(_ bytes: [UInt8], isBigEndian: Bool) -> [UInt8] {
  var text: [UInt8] = []
  text.reserveCapacity(bytes.count)
  let replacement: [UInt8] = [0xEF, 0xBF, 0xBD]
  func unit(_ i: Int) -> UInt32 {
    isBigEndian ? UInt32(bytes[i]) << 8 | UInt32(bytes[i + 1]) : UInt32(bytes[i + 1]) << 8 | UInt32(bytes[i])
  }
  var i = 2
  while i + 1 < bytes.count {
    var value = unit(i)
    i += 2
    if value >= 0xD800, value < 0xDC00, i + 1 < bytes.count, unit(i) >= 0xDC00, unit(i) < 0xE000 {
      value = 0x10000 + (value - 0xD800) << 10 + (unit(i) - 0xDC00)
      i += 2
    }
    if value < 0x80 {
      text.append(UInt8(value))
    } else if let scalar = Unicode.Scalar(value) {
      text += String(scalar).utf8
    } else {
      text += replacement
    }
  }
  if i < bytes.count { text += replacement }
  return text
}
