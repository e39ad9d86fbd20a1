import CSystem
import Glibc

/// Runs the command line of this process, and returns its exit code. Called from the top of the program. What the
/// process must have for Swift's runtime is checked before that (`CStartUp`).
package func runProgram() async -> Int32 {
  guard let arguments = StartUp.arguments else {
    tell("cairn: it was started without arguments, even its own name: start it from a shell, or as execve(2) says")
    return ExitCode.error
  }
  return await run(arguments)
}

enum StartUp {
  /// The arguments without the program's name, as bytes: `CommandLine.arguments` would repair a path that is not UTF-8
  /// into one that does not exist, and both it and `unsafeArgv` are empty if /proc/self/maps cannot be read. Nil if
  /// the process was given none.
  static var arguments: [[UInt8]]? {
    let count = Int(csystem_argument_count())
    guard count > 0, let values = unsafe csystem_arguments() else { return nil }
    return (1..<count).compactMap { index in
      unsafe values[index].map { unsafe Array(UnsafeRawBufferPointer(start: $0, count: strlen($0))) }
    }
  }
}
