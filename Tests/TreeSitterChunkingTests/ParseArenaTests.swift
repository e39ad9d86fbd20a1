import Foundation
import Primitives
import Testing
import TreeSitterChunking

@Suite struct ParseArenaTests {
  /// Pieces in random sizes, kept and freed in random order: each holds what was put into it until it is released.
  @Test(arguments: 1...4 as ClosedRange<UInt64>) func `pieces keep their content apart`(seed: UInt64) {
    var random = SeededRandom(seed: seed)
    var arena = unsafe ParseArena()
    defer { unsafe arena.releaseAll() }
    for _ in 0..<3 {
      var held: [(piece: UnsafeMutableRawPointer, count: Int, mark: UInt8)] = unsafe []
      func isIntact(_ i: Int, _ count: Int) -> Bool {
        (0..<count).allSatisfy { unsafe held[i].piece.load(fromByteOffset: $0, as: UInt8.self) == held[i].mark }
      }
      for step in 0..<3000 {
        let action = Int.random(in: 0..<5, using: &random)
        let size =
          Bool.random(using: &random)
          ? Int.random(in: 0...600, using: &random) : 1 << Int.random(in: 0...19, using: &random)
        let mark = UInt8(truncatingIfNeeded: step)
        if unsafe action < 3 && held.count < 200 {
          let piece = unsafe arena.allocate(size)!
          #expect(UInt(bitPattern: piece) % 8 == 0)
          unsafe memset(piece, Int32(mark), size)
          unsafe held.append((piece, size, mark))
        } else if unsafe !held.isEmpty {
          let i = unsafe Int.random(in: 0..<held.count, using: &random)
          let (count, isSame) = unsafe (held[i].count, isIntact(i, held[i].count))
          #expect(isSame)
          if action == 3 {
            unsafe held[i].piece = unsafe arena.reallocate(held[i].piece, size)!
            #expect(isIntact(i, min(count, size)))
            unsafe memset(held[i].piece, Int32(mark), size)
            unsafe held[i].count = size
            unsafe held[i].mark = mark
          } else {
            unsafe arena.release(held[i].piece)
            unsafe held.swapAt(i, held.count - 1)
            unsafe held.removeLast()
          }
        }
      }
      unsafe arena.reset()
    }
  }
}
