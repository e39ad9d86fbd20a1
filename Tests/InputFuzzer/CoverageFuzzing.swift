import Glibc

/// libFuzzer, which `Scripts/fuzz` links into a build of its own: every other build does without.
@safe enum CoverageFuzzing {
  private typealias Callback = @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt
  private typealias Driver =
    @convention(c) (
      UnsafeMutablePointer<CInt>, UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?>, Callback
    ) -> CInt

  /// What the callback reads with, which C gives no context.
  nonisolated(unsafe) private static var target = InputTarget.all[0]

  /// Hands the process to libFuzzer with these arguments of its own. Its workers are the same program with the same
  /// environment, which names the target.
  static func run(_ target: InputTarget, _ arguments: [String]) -> Never {
    guard let symbol = unsafe dlsym(nil, "LLVMFuzzerRunDriver") else {
      stop("this program was built without libFuzzer: use Scripts/fuzz")
    }
    unsafe self.target = target
    unsafe setenv(environmentName, target.name, 1)
    let driver = unsafe unsafeBitCast(symbol, to: Driver.self)
    var count = CInt(arguments.count + 1)
    // libFuzzer keeps them as long as the process lives.
    let texts = UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>.allocate(capacity: arguments.count + 2)
    for (i, argument) in ([CommandLine.arguments[0]] + arguments).enumerated() { unsafe texts[i] = strdup(argument) }
    unsafe texts[arguments.count + 1] = nil
    var start: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = unsafe texts
    exit(
      unsafe driver(&count, &start) { bytes, count in
        let input = unsafe Span(_unsafeElements: UnsafeBufferPointer(start: bytes, count: count))
        unsafe CoverageFuzzing.target.read(input)
        return 0
      })
  }

  /// The variable that names the target of a worker.
  static let environmentName = "CAIRN_FUZZ_TARGET"
}
