import Corpus
import Indexing
import Testing

@Suite struct RacyTimeTests {
  let second: Int64 = 1_000_000_000

  func fingerprint(modified: Int64, changed: Int64) -> Fingerprint {
    Fingerprint(byteCount: 1, modified: modified, changed: changed, inode: 1)
  }

  @Test func `with a fine clock a file is racy for a few ticks`() {
    let time = 1_700_000_000 * second + 123_456_789
    let file = fingerprint(modified: time, changed: time)
    #expect(file.isRacy(readAt: time))
    #expect(file.isRacy(readAt: time + 20_000_000))
    #expect(!file.isRacy(readAt: time + 20_000_001))
  }

  @Test func `with a clock of whole seconds a file is racy for two of them`() {
    let time = 1_700_000_000 * second
    let file = fingerprint(modified: time, changed: time)
    #expect(file.isRacy(readAt: time + 2 * second))
    #expect(!file.isRacy(readAt: time + 2 * second + 1))
  }

  @Test func `a time set back does not hide a change, nor does one in the future`() {
    let time = 1_700_000_000 * second + 5
    #expect(fingerprint(modified: 5, changed: time).isRacy(readAt: time + 1))
    #expect(fingerprint(modified: time + 100 * second, changed: 5).isRacy(readAt: time))
  }

  @Test func `a racy fingerprint is stored so that it matches no file`() {
    let time = 1_700_000_000 * second + 5
    let file = fingerprint(modified: time, changed: time)
    #expect(file.stored(readAt: time) != file)
    #expect(file.stored(readAt: time).changed == 0)
    #expect(file.stored(readAt: time + second) == file)
  }
}
