/// Whether a text is UTF-8 from its beginning to its end.
func isValidUTF8(_ text: UnsafePointer<UInt8>, _ count: Int) -> Bool {
  var i = 0
  while i < count {
    let first = unsafe text[i]
    if first < 0x80 {
      i += 1
      continue
    }
    let length = unsafe characterLength(text, i, count)
    if length == 0 { return false }
    i += length
  }
  return true
}

/// The bytes of the character beyond ASCII that begins at `start` and ends before `end`; 0 where none does.
func characterLength(_ text: UnsafePointer<UInt8>, _ start: Int, _ end: Int) -> Int {
  let first = unsafe text[start]
  let length = first < 0xC2 ? 0 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : first < 0xF5 ? 4 : 0
  guard length > 0, start + length <= end else { return 0 }
  let second = unsafe text[start + 1]
  let lowest: UInt8 = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80
  let highest: UInt8 = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF
  guard second >= lowest, second <= highest else { return 0 }
  for i in 2..<max(2, length) { if unsafe text[start + i] & 0xC0 != 0x80 { return 0 } }
  return length
}
