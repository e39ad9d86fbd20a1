import Disk
import Primitives
import Testing

@Suite struct ByteReaderTests {
  @Test func `numbers written are read back`() throws {
    var bytes: [UInt8] = []
    bytes.append(littleEndian: UInt8(0xAB))
    bytes.append(littleEndian: UInt16(0x1234))
    bytes.append(littleEndian: UInt32(0xDEAD_BEEF))
    bytes.append(littleEndian: UInt64.max - 1)
    bytes.append(littleEndian: Int32(-5))
    bytes.append(littleEndian: Int64.min)
    let varints: [UInt64] = [0, 1, 127, 128, 300, 1 << 35, .max]
    for number in varints { bytes.append(varint: number) }
    #expect(Array(bytes[1...2]) == [0x34, 0x12])
    var reader = ByteReader(bytes.span)
    let numbers = (try reader.read(UInt8.self), try reader.read(UInt16.self), try reader.read(UInt32.self))
    #expect(numbers == (0xAB, 0x1234, 0xDEAD_BEEF))
    let wide = (try reader.read(UInt64.self), try reader.read(Int32.self), try reader.read(Int64.self))
    #expect(wide == (.max - 1, -5, .min))
    for number in varints {
      let read = try reader.readVarint()
      #expect(read == number)
    }
    let remaining = reader.remaining
    #expect(remaining == 0)
  }

  @Test func `every read behind the end is a damaged file, not a crash`() throws {
    let bytes: [UInt8] = [1, 2, 3]
    func code(_ read: (inout ByteReader) throws(Failure) -> Void, at offset: Int = 0) -> Failure.Code? {
      var reader = ByteReader(bytes.span, at: offset)
      do {
        try read(&reader)
        return nil
      } catch {
        return error.code
      }
    }
    #expect(code { reader throws(Failure) in _ = try reader.read(UInt32.self) } == .damaged)
    #expect(code { reader throws(Failure) in _ = try reader.readBytes(4) } == .damaged)
    #expect(code { reader throws(Failure) in _ = try reader.readBytes(-1) } == .damaged)
    #expect(code { reader throws(Failure) in _ = try reader.readBytes(.max) } == .damaged)
    #expect(code { reader throws(Failure) in _ = try reader.readBytes(3) } == nil)
    for offset in [3, 4, .max, -1, .min] {
      #expect(code({ reader throws(Failure) in _ = try reader.read(UInt8.self) }, at: offset) == .damaged)
    }
  }

  @Test func `a number of too many bytes or bits is refused`() {
    func varint(_ bytes: [UInt8]) -> Result<UInt64, Failure> {
      var reader = ByteReader(bytes.span)
      do { return .success(try reader.readVarint()) } catch { return .failure(error) }
    }
    #expect(varint([UInt8](repeating: 0xFF, count: 9) + [0x01]) == .success(.max))
    for bytes in [[UInt8](repeating: 0x80, count: 20), [UInt8](repeating: 0xFF, count: 9) + [0x02], [0x80], []] {
      #expect((try? varint(bytes).get()) == nil, "\(bytes)")
    }
  }

  @Test func `random bytes never make it fail`() {
    var random = SeededRandom(seed: 5)
    for _ in 0..<5_000 {
      let bytes = (0..<Int.random(in: 0...24, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random) }
      var reader = ByteReader(bytes.span, at: Int.random(in: -2...26, using: &random))
      for _ in 0..<6 {
        switch Int.random(in: 0...3, using: &random) {
        case 0: _ = try? reader.readVarint()
        case 1: _ = try? reader.read(UInt64.self)
        case 2: _ = try? reader.readBytes(Int.random(in: -3...30, using: &random))
        default: _ = try? reader.read(Int16.self)
        }
      }
    }
  }
}
