import CFaultGuard
import Glibc

/// Memory for one parse after the other on one thread: taken from blocks from their beginning on, used again by size
/// when it is freed, and given back all at once. A parse makes one small piece of memory for each node of its tree;
/// neither searching for room nor freeing the pieces one by one is needed then.
///
/// Each piece stands behind 8 bytes that say its size. Sizes are rounded up to multiples of 16 up to 512 bytes, and
/// above to a quarter of a power of two. Behind each block lies a page that nobody may touch.
@unsafe package struct ParseArena {
  private static let blockByteCount = 1 << 20
  /// Blocks that stay for the next parse: enough for the tree of a file of some hundred kilobytes.
  private static let keptBlockCount = 4
  private static let headerByteCount = 8
  /// At least a page, on any machine.
  private static let wallByteCount = 1 << 16

  private var next = unsafe UnsafeMutableRawPointer(bitPattern: 16)!
  private var end = unsafe UnsafeMutableRawPointer(bitPattern: 16)!
  /// Blocks of the usual size, of which the first `usedCount` are in use, and larger ones for one piece each.
  private var blocks: [UnsafeMutableRawPointer] = unsafe []
  private var usedCount = 0
  private var largeBlocks: [(start: UnsafeMutableRawPointer, byteCount: Int)] = unsafe []
  /// The first free piece of each size; each holds the address of the next.
  private var free = unsafe InlineArray<128, UnsafeMutableRawPointer?>(repeating: nil)

  /// Bytes that are taken from the system and in use.
  package var heldByteCount: Int { unsafe (usedCount << 20) + largeByteCount }
  private var largeByteCount = 0

  package init() {}

  @inline(__always)
  private static func sizeClass(_ size: Int) -> (number: Int, byteCount: Int) {
    if size <= 512 {
      let number = max(1, (size + 15) >> 4)
      return (number, number << 4)
    }
    // 2^(bits - 1) < size <= 2^bits, in four steps.
    let bits = Int.bitWidth - (size - 1).leadingZeroBitCount
    let steps = (size + (1 << (bits - 3)) - 1) >> (bits - 3)
    return (33 + (bits - 10) * 4 + steps - 5, steps << (bits - 3))
  }

  /// Returns nil if the system has no more memory.
  package mutating func allocate(_ size: Int) -> UnsafeMutableRawPointer? {
    guard size >= 0 && size < 1 << 32 else { return nil }
    let (number, byteCount) = unsafe Self.sizeClass(size)
    if let piece = unsafe free[number] {
      unsafe free[number] = unsafe piece.load(as: UnsafeMutableRawPointer?.self)
      return unsafe piece
    }
    let whole = unsafe byteCount + Self.headerByteCount
    if unsafe end - next < whole {
      if unsafe whole > Self.blockByteCount / 4 { return unsafe allocateLarge(number, whole) }
      guard unsafe addBlock() else { return nil }
    }
    let piece = unsafe next + Self.headerByteCount
    unsafe next += whole
    unsafe piece.storeBytes(of: number, toByteOffset: -Self.headerByteCount, as: Int.self)
    return unsafe piece
  }

  /// Puts a piece that `allocate` gave up for use again.
  package mutating func release(_ piece: UnsafeMutableRawPointer) {
    let number = unsafe piece.load(fromByteOffset: -Self.headerByteCount, as: Int.self)
    unsafe piece.storeBytes(of: free[number], as: UnsafeMutableRawPointer?.self)
    unsafe free[number] = unsafe piece
  }

  package mutating func reallocate(_ piece: UnsafeMutableRawPointer?, _ size: Int) -> UnsafeMutableRawPointer? {
    guard let piece = unsafe piece else { return unsafe allocate(size) }
    let number = unsafe piece.load(fromByteOffset: -Self.headerByteCount, as: Int.self)
    let byteCount = unsafe Self.byteCount(ofClass: number)
    if size <= byteCount { return unsafe piece }
    guard let larger = unsafe allocate(size) else { return nil }
    unsafe memcpy(larger, piece, byteCount)
    unsafe release(piece)
    return unsafe larger
  }

  /// Makes all pieces free at once, and gives back what one parse in a thousand needs.
  package mutating func reset() {
    while let block = unsafe largeBlocks.popLast() { unsafe Self.unmap(block.start, block.byteCount) }
    unsafe largeByteCount = 0
    while unsafe blocks.count > Self.keptBlockCount { unsafe Self.unmap(blocks.removeLast(), Self.blockByteCount) }
    unsafe usedCount = 0
    unsafe end = unsafe next
    unsafe free = unsafe .init(repeating: nil)
  }

  /// Gives everything back.
  package mutating func releaseAll() {
    unsafe reset()
    while let block = unsafe blocks.popLast() { unsafe Self.unmap(block, Self.blockByteCount) }
  }

  private static func byteCount(ofClass number: Int) -> Int {
    if number <= 32 { return number << 4 }
    let (doublings, step) = (number - 33).quotientAndRemainder(dividingBy: 4)
    return (step + 5) << (doublings + 7)
  }

  /// Memory from the system alone: asking the allocator for it could end the process.
  private static func map(_ byteCount: Int) -> UnsafeMutableRawPointer? {
    let rounded = unsafe (byteCount + wallByteCount - 1) & ~(wallByteCount - 1)
    let flags = MAP_PRIVATE | MAP_ANONYMOUS
    guard let start = unsafe mmap(nil, rounded + wallByteCount, PROT_READ | PROT_WRITE, flags, -1, 0),
      unsafe start != MAP_FAILED
    else { return nil }
    unsafe mprotect(start + rounded, wallByteCount, PROT_NONE)
    return unsafe start
  }

  private static func unmap(_ start: UnsafeMutableRawPointer, _ byteCount: Int) {
    let rounded = unsafe (byteCount + wallByteCount - 1) & ~(wallByteCount - 1)
    unsafe munmap(start, rounded + wallByteCount)
  }

  private mutating func addBlock() -> Bool {
    if unsafe usedCount == blocks.count {
      guard let block = unsafe Self.map(Self.blockByteCount) else { return false }
      faultguard_hold()
      unsafe blocks.append(block)
      faultguard_release()
    }
    unsafe next = unsafe blocks[usedCount]
    unsafe end = unsafe next + Self.blockByteCount
    unsafe usedCount += 1
    return true
  }

  private mutating func allocateLarge(_ number: Int, _ whole: Int) -> UnsafeMutableRawPointer? {
    guard let block = unsafe Self.map(whole) else { return nil }
    faultguard_hold()
    unsafe largeBlocks.append((block, whole))
    faultguard_release()
    unsafe largeByteCount += whole
    unsafe block.storeBytes(of: number, as: Int.self)
    return unsafe block + Self.headerByteCount
  }
}
