import CKernels
import Primitives
import Testing

/// Each kernel agrees with its scalar twin, or with a sum written out here.
@Suite struct KernelTests {
  @Test func `numbers of every width come back from packing`() {
    var random = SeededRandom(seed: 1)
    for bits in UInt32(0)...32 {
      let mask = bits == 32 ? UInt32.max : 1 << bits - 1
      var numbers = (0..<128).map { _ in UInt32.random(in: 0...UInt32.max, using: &random) & mask }
      numbers[7] = mask
      var packed = [UInt8](repeating: 0xAA, count: 16 * 32)
      var fast = [UInt32](repeating: 1, count: 128)
      var slow = [UInt32](repeating: 2, count: 128)
      unsafe ck_pack_128(numbers, bits, &packed)
      var slowlyPacked = [UInt8](repeating: 0xAA, count: 16 * 32)
      unsafe ck_pack_128_scalar(numbers, bits, &slowlyPacked)
      #expect(packed == slowlyPacked)
      unsafe ck_unpack_128(packed, bits, &fast)
      unsafe ck_unpack_128_scalar(packed, bits, &slow)
      #expect(fast == numbers)
      #expect(slow == numbers)
      #expect(packed[(16 * Int(bits))...].allSatisfy { $0 == 0xAA })
    }
  }

  @Test func `gaps become ascending numbers`() {
    var random = SeededRandom(seed: 2)
    let gaps = (0..<128).map { _ in UInt32.random(in: 0...9, using: &random) }
    var numbers = gaps
    let end = unsafe ck_sum_gaps_128(&numbers, 1000)
    var next: UInt32 = 1000
    for i in 0..<128 {
      next += gaps[i]
      #expect(numbers[i] == next)
      next += 1
    }
    #expect(end == next)
    for first in [0, 7, UInt32.max - 300] {
      var fast = (0..<128).map { _ in UInt32.random(in: 0...UInt32.max, using: &random) }
      var slow = fast
      #expect(unsafe ck_sum_gaps_128(&fast, first) == ck_sum_gaps_128_scalar(&slow, first))
      #expect(fast == slow)
    }
  }

  @Test func `codes of every width come back from packing as bytes`() {
    var random = SeededRandom(seed: 12)
    for bits in UInt32(0)...3 {
      let codes = (0..<128).map { _ in UInt32.random(in: 0..<1 << bits, using: &random) }
      var packed = [UInt8](repeating: 0xAA, count: 16 * 3)
      unsafe ck_pack_128(codes, bits, &packed)
      var fast = [UInt8](repeating: 1, count: 128)
      var slow = [UInt8](repeating: 2, count: 128)
      unsafe ck_unpack_codes_128(packed, bits, &fast)
      unsafe ck_unpack_codes_128_scalar(packed, bits, &slow)
      #expect(fast == codes.map { bits > 2 ? 0 : UInt8($0) })
      #expect(slow == fast)
    }
  }

  @Test func `what two runs share is found, whatever their lengths`() {
    var random = SeededRandom(seed: 13)
    for _ in 0..<300 {
      func run() -> [UInt32] {
        let count = [0, 1, 2, 5, 128].randomElement(using: &random)!
        let limit = [UInt32(3), 150, 1000, 100_000].randomElement(using: &random)!
        return Set((0..<count).map { _ in UInt32.random(in: 0...limit, using: &random) }).sorted()
      }
      let (a, b) = (run(), run())
      var inA = [UInt32](repeating: 0, count: 128)
      var inB = [UInt32](repeating: 0, count: 128)
      let count = unsafe ck_intersect(a, a.count, b, b.count, &inA, &inB)
      #expect(inA[..<count].map { a[Int($0)] } == Set(a).intersection(b).sorted())
      #expect(inB[..<count].map { b[Int($0)] } == Set(a).intersection(b).sorted())
    }
    // As damage brings them: it ends, and inside.
    let disorder: [UInt32] = [5, 4_000_000_000, 1, 5, 0, 5]
    var places = [UInt32](repeating: 0, count: 6)
    var others = [UInt32](repeating: 0, count: 6)
    let count = unsafe ck_intersect(disorder, 6, disorder.reversed(), 6, &places, &others)
    #expect(count <= 6 && (places + others).allSatisfy { $0 < 6 })
  }

  @Test(arguments: [32, 64, 96, 256, 288, 1024])
  func `scans of rows agree with their scalar twin, extremes too`(stride: Int) {
    var random = SeededRandom(seed: UInt64(stride))
    let limit = Int16(min(32767, Int(Int32.max) / 127 / stride))
    for kind in 0..<3 {
      let query = (0..<stride).map { _ in kind == 0 ? Int16.random(in: -limit...limit, using: &random) : limit }
      let rows = (0..<stride * 21).map { _ in
        kind == 0 ? Int8.random(in: -127...127, using: &random) : kind == 1 ? Int8(127) : Int8(-127)
      }
      var fast = [Int32](repeating: 1, count: 21)
      var slow = [Int32](repeating: 2, count: 21)
      unsafe ck_scan_i16_i8(query, rows, stride, 21, &fast)
      unsafe ck_scan_i16_i8_scalar(query, rows, stride, 21, &slow)
      #expect(fast == slow)
      if kind == 1 { #expect(Int(slow[0]) == Int(limit) * 127 * stride) }
    }
  }

  @Test(arguments: [4, 8, 12, 16, 32, 36, 48, 64, 128])
  func `scans of bits agree with their scalar twin and with the sum they stand for`(byteCount: Int) {
    var random = SeededRandom(seed: UInt64(byteCount))
    let limit = 1 << (Int(CK_PLANES) - 1)
    let numbers = (0..<byteCount * 8).map { _ in Int.random(in: -limit..<limit, using: &random) }
    var planes: [UInt8] = []
    for bit in 0..<Int(CK_PLANES) {
      for byte in 0..<byteCount {
        planes.append((0..<8).reduce(UInt8(0)) { $0 | UInt8(numbers[byte * 8 + $1] >> bit & 1) << UInt8($1) })
      }
    }
    let rows = (0..<byteCount * 45).map { _ in UInt8.random(in: 0...255, using: &random) }
    let expected = (0..<45).map { row in
      numbers.indices.reduce(Int32(0)) {
        $0 + (rows[row * byteCount + $1 / 8] >> UInt8($1 % 8) & 1 == 1 ? Int32(numbers[$1]) : 0)
      }
    }
    for least in [Int32.min, expected.sorted()[30], expected.sorted()[43], .max] {
      for count in [0, 1, 16, 31, 32, 45] {
        let wanted = (0..<count).filter { expected[$0] > least }
        var sums = [Int32](repeating: 1, count: count)
        var found = [UInt32](repeating: 1, count: count)
        let n = unsafe ck_scan_bits_above(planes, rows, byteCount, count, least, &sums, &found)
        #expect(found[..<n].map { Int($0) } == wanted && Array(sums[..<n]) == wanted.map { expected[$0] })
        let m = unsafe ck_scan_bits_above_scalar(planes, rows, byteCount, count, least, &sums, &found)
        #expect(found[..<m].map { Int($0) } == wanted && Array(sums[..<m]) == wanted.map { expected[$0] })
      }
    }
  }

  @Test(arguments: [4, 8, 12, 32, 36, 128, 520])
  func `scans of planes agree with their scalar twin, of rows in a row and here and there`(byteCount: Int) {
    var random = SeededRandom(seed: UInt64(byteCount))
    let limit = Int16(min(32767, Int(Int32.max) / 127 / (8 * byteCount)))
    for isExtreme in [false, true] {
      var query = (0..<8 * byteCount).map { _ in Int16.random(in: -limit...limit, using: &random) }
      if isExtreme { query = query.map { $0 < 0 ? -limit : limit } }
      let low = (0..<3 * byteCount * 23).map { _ in isExtreme ? 0 : UInt8.random(in: 0...255, using: &random) }
      let signs = (0..<byteCount * 23).map { _ in isExtreme ? 255 : UInt8.random(in: 0...255, using: &random) }
      let numbers: [UInt32] = [3, 22, 0, 0, 7, 21, 14]
      for count in [0, 1, 3, 4, 7, 23] {
        var fast = [Int32](repeating: 1, count: 2 * count)
        var slow = [Int32](repeating: 2, count: 2 * count)
        var fastSquares = fast
        var slowSquares = slow
        unsafe ck_scan_planes(query, low, signs, byteCount, nil, count, &fast, &fastSquares)
        unsafe ck_scan_planes_scalar(query, low, signs, byteCount, nil, count, &slow, &slowSquares)
        // Compared outside of the expectation, which would print hundreds of numbers.
        let isSame = fast[..<count] == slow[..<count] && fastSquares[..<count] == slowSquares[..<count]
        #expect(isSame && fast[count...].allSatisfy { $0 == 1 })
        if count > numbers.count { continue }
        unsafe ck_scan_planes(query, low, signs, byteCount, numbers, count, &fast, &fastSquares)
        unsafe ck_scan_planes_scalar(query, low, signs, byteCount, numbers, count, &slow, &slowSquares)
        #expect(fast[..<count] == slow[..<count] && fastSquares[..<count] == slowSquares[..<count])
      }
    }
  }

  @Test(arguments: [4, 32, 36, 520])
  func `rows that reach a score are found among planes as the scalar twin finds them`(byteCount: Int) {
    var random = SeededRandom(seed: UInt64(byteCount) + 1)
    let limit = Int16(min(32767, Int(Int32.max) / 127 / (8 * byteCount)))
    let rowCount = 299
    for kind in 0..<4 {
      // At random; all as large as can be; a query of few numbers, whose high bytes say little; one of zeros.
      let query = (0..<8 * byteCount).map { i -> Int16 in
        switch kind {
        case 0: Int16.random(in: -limit...limit, using: &random)
        case 1: i % 3 == 0 ? -limit : limit
        case 2: i == 9 ? limit : Int16.random(in: -130...130, using: &random)
        default: 0
        }
      }
      var low = (0..<3 * byteCount * rowCount).map { _ in UInt8.random(in: 0...255, using: &random) }
      var signs = (0..<byteCount * rowCount).map { _ in UInt8.random(in: 0...255, using: &random) }
      // Rows like the query, of zeros, and of the largest components, as damage brings them.
      for row in [3, 16, 17, 100, 298] {
        for i in 0..<byteCount {
          signs[row * byteCount + i] = (0..<8).reduce(0) { $0 | (query[8 * i + $1] < 0 ? 1 << UInt8($1) : 0) }
        }
      }
      for i in 3 * byteCount * 40..<3 * byteCount * 60 { low[i] = 0 }
      for i in byteCount * 40..<byteCount * 60 { signs[i] = i < byteCount * 50 ? 0 : 255 }
      let factor: Float = kind == 1 ? 1e-20 : 1e-5
      var scores = [[Float]](repeating: [Float](repeating: 7, count: rowCount), count: 2)
      var found = [[UInt32]](repeating: [UInt32](repeating: 7, count: rowCount), count: 2)
      let all = unsafe ck_find_planes_scalar(
        query, low, signs, byteCount, rowCount, factor, -.infinity, &scores[0], &found[0])
      #expect(all == rowCount && found[0] == (0..<UInt32(rowCount)).map { $0 })
      let ascending = scores[0].sorted()
      // Scores that rows have, so that rounding would show.
      let limits = [0, 100, 200, 290, 297, 298].map { ascending[$0] } + [-1, 0, 1e-30, .infinity, -.infinity, .nan]
      for least in limits {
        for count in [0, 1, 15, 16, 33, rowCount] {
          let n = unsafe ck_find_planes(query, low, signs, byteCount, count, factor, least, &scores[0], &found[0])
          let m = unsafe ck_find_planes_scalar(
            query, low, signs, byteCount, count, factor, least, &scores[1], &found[1])
          // Compared outside of the expectation, which would print hundreds of numbers.
          let isSame = n == m && scores[0][..<n] == scores[1][..<m] && found[0][..<n] == found[1][..<m]
          #expect(isSame, "at least \(least) of \(count), kind \(kind)")
        }
      }
    }
  }

  @Test func `words begin and end where the scalar twin says, at every count`() {
    var random = SeededRandom(seed: 31)
    let alphabet = Array("aZ09_ /.:@[`{~\n".utf8) + [0, 0x7F, 0x80, 0xC3, 0xFF]
    for count in Array(0..<140) + [4096] {
      let density = Int.random(in: 1...8, using: &random)
      let bytes = (0..<count).map { _ in
        Int.random(in: 0..<density, using: &random) == 0 ? alphabet.randomElement(using: &random)! : UInt8(ascii: "x")
      }
      var fast = [UInt32](repeating: 7, count: count + 1)
      var slow = [UInt32](repeating: 7, count: count + 1)
      let n = unsafe ck_word_bounds(bytes, count, &fast)
      let m = unsafe ck_word_bounds_scalar(bytes, count, &slow)
      #expect(n == m && n % 2 == 0 && fast[..<n] == slow[..<m])
    }
  }

  @Test func `words may begin where the scalar twin says, at every count`() {
    var random = SeededRandom(seed: 33)
    let alphabet = Array("abczABZ09_ /:@[`{\n".utf8) + [0, 0x7F, 0x80, 0xC3, 0xFF]
    for count in Array(0..<200) + [1000] {
      // Each entry lets some through, so that often all six do.
      let tables = (0..<96).map { _ in UInt8.random(in: .min ... .max, using: &random) | 1 << UInt8(count % 8) }
      let sparse = tables.map { Int.random(in: 0..<4, using: &random) == 0 ? $0 & 0x55 : $0 }
      let bytes = (0..<count).map { _ in alphabet.randomElement(using: &random)! }
      var fast = [UInt64](repeating: 7, count: (count + 63) / 64)
      var slow = [UInt64](repeating: 8, count: (count + 63) / 64)
      unsafe ck_word_beginnings(sparse, bytes, count, &fast)
      unsafe ck_word_beginnings_scalar(sparse, bytes, count, &slow)
      #expect(fast == slow)
    }
  }

  @Test func `whole words begin where the scalar twin says, at every count`() {
    var random = SeededRandom(seed: 35)
    let alphabet = Array("abnrt0Z9_ /:@[`{\n\\\\\\".utf8) + [0, 0x7F]
    for count in Array(0..<200) + [1000] {
      let tables = (0..<96).map { _ in UInt8.random(in: .min ... .max, using: &random) | 1 << UInt8(count % 8) }
      let sparse = tables.map { Int.random(in: 0..<4, using: &random) == 0 ? $0 & 0x55 : $0 }
      var bytes = (0..<count).map { _ in alphabet.randomElement(using: &random)! }
      let isASCII = count % 5 != 1 || count == 0
      if !isASCII { bytes[Int.random(in: 0..<count, using: &random)] = 0xC3 }
      let size = (count + 63) / 64
      var fast = (starts: [UInt64](repeating: 7, count: size), places: [UInt64](repeating: 7, count: size))
      var slow = (starts: [UInt64](repeating: 8, count: size), places: [UInt64](repeating: 8, count: size))
      let isKnown = unsafe ck_whole_words(sparse, bytes, count, &fast.starts, &fast.places) != 0
      let isKnownToo = unsafe ck_whole_words_scalar(sparse, bytes, count, &slow.starts, &slow.places) != 0
      #expect(isKnown == isASCII && isKnownToo == isASCII)
      if isASCII { #expect(fast == slow) }
    }
  }

  @Test(arguments: [0, 1, 7, 15, 16, 17, 33, 40, 256, 300])
  func `vectors are rounded to the planes that the scalar twin gives`(dimensions: Int) {
    var random = SeededRandom(seed: UInt64(dimensions))
    let byteCount = (dimensions + 31) / 32 * 4
    for round in 0..<40 {
      let scale: Float = [1e-20, 0.06, 1, 1e19][round % 4]
      var vector = (0..<dimensions).map { _ in Float.random(in: -scale...scale, using: &random) }
      if round > 20, dimensions > 0 {
        for value in [Float.nan, .infinity, -.infinity, 0, -0.0, .greatestFiniteMagnitude] {
          vector[Int.random(in: 0..<dimensions, using: &random)] = value
        }
      }
      var fast = [UInt8](repeating: 0xAA, count: 4 * byteCount)
      var slow = [UInt8](repeating: 0x55, count: 4 * byteCount)
      unsafe fast.withUnsafeMutableBufferPointer { planes in
        guard let low = planes.baseAddress else { return }
        unsafe ck_quantise_planes(vector, dimensions, byteCount, low, low + 3 * byteCount)
      }
      unsafe slow.withUnsafeMutableBufferPointer { planes in
        guard let low = planes.baseAddress else { return }
        unsafe ck_quantise_planes_scalar(vector, dimensions, byteCount, low, low + 3 * byteCount)
      }
      #expect(fast == slow, "round \(round)")
    }
  }

  @Test func `what is above a limit is found, at every count`() {
    var random = SeededRandom(seed: 5)
    for count in 0..<70 {
      let sums = (0..<count).map { _ in Int32.random(in: -5...5, using: &random) }
      for least in Int32(-6)...5 {
        var fast = [UInt32](repeating: 0, count: count + 1)
        var slow = fast
        let n = unsafe ck_find_above(sums, count, least, &fast)
        let m = unsafe ck_find_above_scalar(sums, count, least, &slow)
        #expect(n == m && fast[..<n] == slow[..<m])
        #expect(slow[..<m].map { Int($0) } == sums.indices.filter { sums[$0] > least })
      }
    }
  }

  @Test func `scores are added where they belong and nowhere else`() {
    var random = SeededRandom(seed: 6)
    let lengths = (0..<1000).map { _ in UInt8.random(in: 0...255, using: &random) }
    let saturation = (0..<1024).map { _ in Float.random(in: 0...2, using: &random) }
    // Numbers beyond the window, out of order, and beyond every length, as damage brings them.
    let chunks: [UInt32] = [3, 90, 100, 101, 150, 120, 199, 200, 150, 4_000_000_000]
    let codes: [UInt8] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 255]
    var sums = [Int32](repeating: 0, count: 100)
    let stopped = unsafe ck_add_scores(chunks, codes, 10, 100, 200, lengths, saturation, 1000, &sums)
    var expected = [Int32](repeating: 0, count: 100)
    for i in 2...6 {
      expected[Int(chunks[i]) - 100] += Int32(saturation[Int(codes[i] & 3) * 256 + Int(lengths[Int(chunks[i])])] * 1000)
    }
    #expect(stopped == 7)
    #expect(sums == expected)
  }

  @Test func `scores of at least a limit are found, and rows of zeros score nothing`() {
    let dots: [Int32] = [10, -3, 5, 14, 1]
    let squares: [Int32] = [4, 9, 0, 1, 16]
    var scores = [Float](repeating: 0, count: 5)
    var found = [UInt32](repeating: 0, count: 5)
    let n = unsafe ck_scores_at_least(dots, squares, 2, 5, 5, &scores, &found)
    #expect(found[..<n] == [0, 3])
    #expect(scores == [10, -2, 0, 28, 0.5])
    var random = SeededRandom(seed: 9)
    for count in [0, 1, 15, 16, 17, 50] {
      let dots = (0..<count).map { _ in Int32.random(in: -70_000_000...70_000_000, using: &random) }
      let squares = (0..<count).map { _ in Int32.random(in: 0...3, using: &random) * 4099 }
      var found = [[UInt32]](repeating: [UInt32](repeating: 0, count: count + 1), count: 2)
      var scores = [[Float]](repeating: [Float](repeating: 0, count: count), count: 2)
      for least in [-Float.infinity, 0, 1] {
        let n = unsafe ck_scores_at_least(dots, squares, 1e-6, count, least, &scores[0], &found[0])
        let m = unsafe ck_scores_at_least_scalar(dots, squares, 1e-6, count, least, &scores[1], &found[1])
        #expect(n == m && found[0][..<n] == found[1][..<m] && scores[0] == scores[1])
      }
    }
  }

  @Test(arguments: [4, 8, 12, 32, 36, 128])
  func `planes come back as the components they were made of, by every variant`(byteCount: Int) {
    var random = SeededRandom(seed: UInt64(byteCount))
    let rowCount = 9
    let components = (0..<rowCount * byteCount * 8).map { _ in Int8.random(in: -8...7, using: &random) }
    var low: [UInt8] = []
    var signs: [UInt8] = []
    for row in 0..<rowCount {
      for bit in 0..<4 {
        for byte in 0..<byteCount {
          let start = (row * byteCount + byte) * 8
          let bits = (0..<8).reduce(UInt8(0)) {
            $0 | (UInt8(bitPattern: components[start + $1]) >> UInt8(bit) & 1) << UInt8($1)
          }
          if bit < 3 { low.append(bits) } else { signs.append(bits) }
        }
      }
    }
    let squares = (0..<rowCount).map { row in
      components[row * byteCount * 8..<(row + 1) * byteCount * 8].reduce(Int32(0)) { $0 + Int32($1) * Int32($1) }
    }
    for isScalar in [false, true] {
      var unpacked = [Int8](repeating: 99, count: components.count)
      var sums = [Int32](repeating: -1, count: rowCount)
      if isScalar {
        unsafe ck_unpack_planes_scalar(low, signs, byteCount, rowCount, &unpacked, &sums)
      } else {
        unsafe ck_unpack_planes(low, signs, byteCount, rowCount, &unpacked, &sums)
      }
      // Compared outside of the expectation, which would print thousands of numbers.
      let isSame = unpacked == components && sums == squares
      #expect(isSame)
    }
  }

  @Test func `the dot product of two rows agrees with its scalar twin`() {
    var random = SeededRandom(seed: 8)
    for count in [0, 1, 15, 16, 17, 255, 256] {
      let a = (0..<count).map { _ in Int8.random(in: -128...127, using: &random) }
      let b = (0..<count).map { _ in Int8.random(in: -128...127, using: &random) }
      #expect(unsafe ck_dot_i8(a, b, count) == ck_dot_i8_scalar(a, b, count))
    }
  }
}
