import CTreeSitter
import Glibc

/// Adds up the bytes that tree-sitter allocates on a thread while it is asked to. Tree-sitter takes its allocator once for
/// the whole process; this one is the system's, with a look at the thread's meter before each call.
enum AllocationMeter {
  /// The slot of each thread that holds the address of its meter, if one runs.
  private static let slot: pthread_key_t = {
    var slot = pthread_key_t()
    let status = unsafe pthread_key_create(&slot, nil)
    precondition(status == 0, "no thread slot is left")
    return slot
  }()

  private static let installed: Void = unsafe ts_set_allocator(
    { size in
      AllocationMeter.add(size)
      return unsafe AllocationMeter.present(malloc(size))
    },
    { count, size in
      AllocationMeter.add(count &* size)
      return unsafe AllocationMeter.present(calloc(count, size))
    },
    { memory, size in
      AllocationMeter.add(size)
      return unsafe AllocationMeter.present(realloc(memory, size))
    },
    { memory in unsafe free(memory) })

  /// Gives tree-sitter the allocator, before its first use in the process.
  static func install() { installed }

  /// Runs `body` with `meter` counting what tree-sitter allocates on this thread.
  static func measure<Result>(_ meter: UnsafeMutablePointer<Int>, _ body: () -> Result) -> Result {
    _ = unsafe pthread_setspecific(slot, meter)
    defer { _ = pthread_setspecific(slot, nil) }
    return body()
  }

  private static func add(_ size: Int) {
    guard let meter = unsafe pthread_getspecific(slot) else { return }
    unsafe meter.assumingMemoryBound(to: Int.self).pointee &+= size
  }

  /// Tree-sitter does not look whether it got memory.
  private static func present(_ memory: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    precondition(unsafe memory != nil, "out of memory while parsing")
    return unsafe memory
  }
}
