public import CKernels

/// Blocks of 128 postings: packed, unpacked, added up and intersected.
@usableFromInline
package enum PostingKernels {
  /// Packs the lowest `bits` bits (0 to 32) of 128 numbers into the first 16 * bits bytes of `packed`.
  @inlinable
  package static func pack(_ numbers: [UInt32], bits: Int, to packed: inout [UInt8]) {
    precondition(numbers.count >= 128 && packed.count >= 16 * bits)
    unsafe ck_pack_128(numbers, UInt32(bits), &packed)
  }

  /// Unpacks 128 numbers of `bits` bits (0 to 32), which take 16 * bits bytes.
  @inlinable
  package static func unpack(_ packed: Span<UInt8>, bits: Int, to numbers: inout InlineArray<128, UInt32>) {
    precondition(bits >= 0 && bits <= 32 && packed.count >= 16 * bits)
    var numbers = numbers.mutableSpan
    unsafe packed.withUnsafeBufferPointer { packed in
      unsafe numbers.withUnsafeMutableBufferPointer { numbers in
        // Numbers of no bits are not read: they are zeros.
        let start = unsafe packed.baseAddress ?? UnsafePointer(bitPattern: 1)!
        unsafe ck_unpack_128(start, UInt32(bits), numbers.baseAddress)
      }
    }
  }

  /// Unpacks 128 numbers of 0 to 2 bits to a byte each.
  @inlinable
  package static func unpackCodes(_ packed: Span<UInt8>, bits: Int, to codes: inout InlineArray<128, UInt8>) {
    precondition(bits >= 0 && bits <= 2 && packed.count >= 16 * bits)
    var codes = codes.mutableSpan
    unsafe packed.withUnsafeBufferPointer { packed in
      unsafe codes.withUnsafeMutableBufferPointer { codes in
        let start = unsafe packed.baseAddress ?? UnsafePointer(bitPattern: 1)!
        unsafe ck_unpack_codes_128(start, UInt32(bits), codes.baseAddress)
      }
    }
  }

  /// Replaces 128 gaps by ascending numbers: the first is `first` + its gap, each other one is 1 + its gap above the
  /// one before.
  @inlinable
  package static func sumGaps(_ numbers: inout InlineArray<128, UInt32>, from first: UInt32) {
    var numbers = numbers.mutableSpan
    unsafe numbers.withUnsafeMutableBufferPointer { numbers in
      _ = unsafe ck_sum_gaps_128(numbers.baseAddress, first)
    }
  }

  /// For the postings of chunks of `window`, adds to sums[chunk - window.lowerBound] the whole part of saturation[code
  /// * 256 + lengths[chunk]] * weight. Stops at the first chunk after the window; returns its index.
  ///
  /// - Parameters:
  ///   - chunks: ascending; those before the window are skipped.
  ///   - codes: as many as chunks.
  ///   - lengths: of all chunks up to the window's end at least.
  ///   - saturation: 4 * 256.
  @inlinable
  package static func addScores(
    _ chunks: Span<UInt32>, _ codes: Span<UInt8>, in window: Range<UInt32>, lengths: Span<UInt8>,
    saturation: Span<Float>, weight: Float, to sums: inout [Int32]
  ) -> Int {
    precondition(codes.count >= chunks.count && lengths.count >= Int(window.upperBound))
    precondition(saturation.count >= 4 * 256 && sums.count >= window.count)
    if chunks.isEmpty { return 0 }
    return unsafe lengths.withUnsafeBufferPointer { lengths in
      unsafe chunks.withUnsafeBufferPointer { chunks in
        unsafe codes.withUnsafeBufferPointer { codes in
          unsafe saturation.withUnsafeBufferPointer { saturation in
            unsafe sums.withUnsafeMutableBufferPointer { sums in
              unsafe ck_add_scores(
                chunks.baseAddress!, codes.baseAddress!, chunks.count, window.lowerBound, window.upperBound,
                lengths.baseAddress!, saturation.baseAddress!, weight, sums.baseAddress!)
            }
          }
        }
      }
    }
  }

  /// Writes the indices of those of the first `count` sums that are above `least` to the beginning of `found`, which
  /// has as many elements at least; returns how many there are.
  @inlinable
  package static func find(above least: Int32, in sums: [Int32], count: Int, _ found: inout [UInt32]) -> Int {
    precondition(count >= 0 && sums.count >= count && found.count >= count)
    return unsafe sums.withUnsafeBufferPointer { sums in
      unsafe found.withUnsafeMutableBufferPointer { found in
        unsafe ck_find_above(sums.baseAddress, count, least, found.baseAddress)
      }
    }
  }

  /// Writes the indices at which two ascending runs, of which one has at most 128 numbers, have the same number;
  /// returns how many there are. Runs that do not ascend have some of them found.
  @inlinable
  package static func intersect(
    _ a: Span<UInt32>, _ b: Span<UInt32>, _ inA: inout InlineArray<128, UInt32>, _ inB: inout InlineArray<128, UInt32>
  ) -> Int {
    precondition(a.count <= 128 || b.count <= 128)
    var inA = inA.mutableSpan
    var inB = inB.mutableSpan
    return unsafe a.withUnsafeBufferPointer { a in
      unsafe b.withUnsafeBufferPointer { b in
        unsafe inA.withUnsafeMutableBufferPointer { inA in
          unsafe inB.withUnsafeMutableBufferPointer { inB in
            unsafe ck_intersect(a.baseAddress, a.count, b.baseAddress, b.count, inA.baseAddress, inB.baseAddress)
          }
        }
      }
    }
  }
}
