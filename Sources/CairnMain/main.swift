import Commands
import Glibc

// The arguments as bytes: `CommandLine.arguments` would repair a path that is not UTF-8 into one that does not exist.
let arguments = (1..<max(1, Int(CommandLine.argc))).compactMap { index in
  unsafe CommandLine.unsafeArgv[index].map { unsafe Array(UnsafeRawBufferPointer(start: $0, count: strlen($0))) }
}
runProgram(arguments)
