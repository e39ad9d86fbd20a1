/// The name read last, which the next one is written against: changed in place, so that what both begin with is never
/// copied.
///
/// A copy, of which 32 bytes are copied at once where that suffices: names are short.
@safe struct PrecedingName: ~Copyable {
  /// How far behind the end a copy may reach.
  private static let slack = 32

  private(set) var count = 0
  private var capacity = 224
  private var storage: UnsafeMutablePointer<UInt8>

  init() { unsafe storage = Self.allocate(capacity) }
  deinit { unsafe storage.deallocate() }

  private static func allocate(_ capacity: Int) -> UnsafeMutablePointer<UInt8> {
    let storage = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity + slack)
    unsafe storage.initialize(repeating: 0, count: capacity + slack)
    return unsafe storage
  }

  var bytes: Span<UInt8> {
    @_lifetime(borrow self) get {
      let span = unsafe Span(_unsafeStart: UnsafePointer(storage), count: count)
      return unsafe _overrideLifetime(span, borrowing: self)
    }
  }

  mutating func removeAll() { count = 0 }

  /// Keeps the first `head` and the last `tail` bytes and puts the next `new` bytes of `cursor` between them.
  @inline(__always)
  mutating func replace(keeping head: Int, _ tail: Int, new: Int, from cursor: inout ByteCursor) {
    guard head + tail <= count, head + new + tail <= StoredLimits.nameByteCount, new <= cursor.remaining else {
      cursor.fail()
      return
    }
    let newCount = head + new + tail
    if newCount > capacity { grow(to: newCount) }
    let isShort = new <= Self.slack && tail <= Self.slack && cursor.remaining >= Self.slack
    let offset = cursor.offset
    // All three places lie at or before the end of the old or the new name.
    unsafe cursor.bytes.withUnsafeBufferPointer { bytes in
      let from = unsafe UnsafeRawPointer(bytes.baseAddress.unsafelyUnwrapped + offset)
      let oldTail = unsafe UnsafeMutableRawPointer(storage + (count - tail))
      let newTail = unsafe UnsafeMutableRawPointer(storage + (head + new))
      let middle = unsafe UnsafeMutableRawPointer(storage + head)
      if !isShort {
        unsafe newTail.copyMemory(from: oldTail, byteCount: tail)
        unsafe middle.copyMemory(from: from, byteCount: new)
      } else if tail == 0 {
        unsafe middle.storeBytes(of: from.loadUnaligned(as: SIMD32<UInt8>.self), as: SIMD32<UInt8>.self)
      } else {
        let tailBytes = unsafe oldTail.loadUnaligned(as: SIMD32<UInt8>.self)
        unsafe middle.storeBytes(of: from.loadUnaligned(as: SIMD32<UInt8>.self), as: SIMD32<UInt8>.self)
        unsafe newTail.storeBytes(of: tailBytes, as: SIMD32<UInt8>.self)
      }
    }
    count = newCount
    cursor.skip(new)
  }

  @inline(never)
  private mutating func grow(to needed: Int) {
    let larger = unsafe Self.allocate(2 * needed)
    unsafe larger.update(from: storage, count: count)
    unsafe storage.deallocate()
    unsafe storage = larger
    capacity = 2 * needed
  }
}
