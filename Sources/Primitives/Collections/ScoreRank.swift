extension Float {
  /// A whole number that ascends with the score. Zeros of both signs are one.
  @inlinable
  package var rank: UInt32 {
    let bits = (self == 0 ? 0 : self).bitPattern
    return bits >> 31 == 0 ? bits | 1 << 31 : ~bits
  }

  /// The score of a rank.
  @inlinable
  package init(rank: UInt32) { self.init(bitPattern: rank >> 31 == 1 ? rank & ~(1 << 31) : ~rank) }
}
