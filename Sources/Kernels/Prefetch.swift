public import CKernels

/// Asks for the cache line of an element, which will be read soon. Costs an instruction; an index out of range is
/// harmless.
@inlinable
@inline(__always)
package func prefetchElement(_ index: Int, of elements: [some Any]) {
  unsafe elements.withUnsafeBufferPointer { elements in
    if let start = elements.baseAddress { unsafe ck_prefetch(start + index) }
  }
}
