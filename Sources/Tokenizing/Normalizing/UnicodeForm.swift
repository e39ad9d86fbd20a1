import Primitives

/// The four normal forms. What lies between two ASCII characters is brought into form by itself: nothing moves over
/// one, and nothing composes with one but the marks that follow it.
enum UnicodeForm: String, Sendable {
  case nfc = "NFC"
  case nfd = "NFD"
  case nfkc = "NFKC"
  case nfkd = "NFKD"

  func apply(_ scratch: inout NormalizerScratch) {
    let text = scratch.text
    scratch.output.removeAll(keepingCapacity: true)
    scratch.output.reserveCapacity(text.count)
    var position = 0
    while position < text.count {
      let start = position
      while position < text.count, text[position] < 0x80 { position &+= 1 }
      if position == text.count {
        scratch.output += text[start...]
        break
      }
      let composes = self == .nfc || self == .nfkc
      let stretch = composes && position > start ? position - 1 : position
      scratch.output += text[start..<stretch]
      scratch.scalars.removeAll(keepingCapacity: true)
      position = stretch
      repeat {
        let (scalar, length) = text.span.scalar(at: position)
        scratch.scalars.append(scalar)
        position += length
      } while position < text.count && text[position] >= 0x80
      scratch.decompose(self == .nfc || self == .nfd ? .canonical : .compatible)
      if composes { scratch.compose() }
      for scalar in scratch.scalars { scratch.output.append(scalar: scalar) }
    }
    scratch.swap()
  }
}
