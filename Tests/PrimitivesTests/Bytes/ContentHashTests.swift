import Primitives
import Testing

@Suite struct ContentHashTests {
  /// The published values of XXH3 with seed 0.
  @Test func `the hashes are those of XXH3`() {
    let nothing: [UInt8] = []
    let (long, short) = (ContentHash(of: nothing.span), checksum(nothing.span))
    #expect(long.description == "99aa06d3014798d86001c324468d497f" && short == 0x2D06_8005_38D3_94C2)
    // The sanity check of the reference implementation: bytes from its own generator.
    var bytes: [UInt8] = []
    var generator: UInt64 = 2_654_435_761
    for _ in 0..<2_367 {
      bytes.append(UInt8(generator >> 56))
      generator &*= 11_400_714_785_074_694_797
    }
    let expected: [(count: Int, hash: UInt64)] = [
      (1, 0xC44B_DFF4_074E_ECDB), (6, 0x27B5_6A84_CD2D_7325), (12, 0xA713_DAF0_DFBB_77E7), (24, 0xA3FE_70BF_9D35_10EB),
      (48, 0x397D_A259_ECBA_1F11), (80, 0xBCDE_FBBB_2C47_C90A), (195, 0xCD94_217E_E362_EC3A),
      (403, 0xCDEB_804D_65C6_DEA4), (512, 0x617E_4959_9013_CB6B), (2_048, 0xDD59_E2C3_A5F0_38E0),
      (2_240, 0x6E73_A905_39CF_2948), (2_367, 0xCB37_AEB9_E5D3_61ED),
    ]
    for (count, hash) in expected {
      let sum = checksum(Array(bytes[..<count]).span)
      #expect(sum == hash, "\(count) bytes")
    }
  }

  @Test func `equal content has equal hashes, in order and in text`() {
    let a = ContentHash(high: 1, low: 2)
    #expect(a.description == "00000000000000010000000000000002")
    #expect(a < ContentHash(high: 1, low: 3) && a < ContentHash(high: 2, low: 0) && !(a < a))
    let text = Array("the same".utf8)
    let hashes = (ContentHash(of: text.span), ContentHash(of: Array("the same".utf8).span))
    #expect(hashes.0 == hashes.1)
    #expect(ContentHash(digits: hashes.0.description) == hashes.0)
    for wrong in ["", "1", a.description + "0", String(a.description.dropLast()) + "g", a.description.dropLast() + "A"]
    {
      #expect(ContentHash(digits: wrong) == nil, "\(wrong)")
    }
    #expect(ContentHash(digits: "+" + a.description.dropFirst()) == nil)
  }
}
