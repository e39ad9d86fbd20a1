import Chunking
import Corpus
import Disk
import Glibc
import Inspection
import Primitives
import TestSupport
import TreeSitterChunking

// One worker of `Scripts/fuzz-grammars`, which starts it again behind a file that ended it:
//
//     cairn-grammar-fuzzer names
//     cairn-grammar-fuzzer cut LANGUAGE FIRST END SECONDS PROGRESS FOLDER...
//                                       cuts the files of these numbers, as far as the time allows
//     cairn-grammar-fuzzer write LANGUAGE FIRST END FOLDER...
//                                       writes them, each behind its length in four bytes
//
// PROGRESS is a file that is given the number of each file before it is cut. The folders hold sound files of any
// language. A file that takes more than a minute ends the worker by SIGALRM. CAIRN_FUZZ_BYTES in the environment says
// how long files may be: of 3,000 bytes a second cuts some hundred.

let arguments = CommandLine.arguments

/// Writes at once: a crash must not take what was said before.
func put(_ bytes: [UInt8], to descriptor: Int32 = STDOUT_FILENO) {
  var done = 0
  while done < bytes.count {
    let count = unsafe bytes.withUnsafeBytes { unsafe write(descriptor, $0.baseAddress! + done, $0.count - done) }
    if count <= 0 { exit(2) }
    done += count
  }
}

func say(_ line: String) { put(Array("\(line)\n".utf8)) }

func stop(_ message: String) -> Never {
  put(Array("cairn-grammar-fuzzer: \(message)\n".utf8), to: STDERR_FILENO)
  exit(2)
}

/// Up to `limit` files in `language` below the folders, in the order of their paths.
func seeds(_ language: String, _ folders: [String], limit: Int) -> [[UInt8]] {
  let inspector = ContentInspector()
  var seeds: [[UInt8]] = []
  for folder in folders {
    let root = FilePath(folder)
    guard let listing = try? CorpusWalker(root: root, options: WalkOptions()).list(progress: { _ in }) else {
      stop("\(folder) cannot be read")
    }
    for file in listing.files where file.fingerprint.byteCount < 100_000 && seeds.count < limit {
      guard let bytes = try? readFile(root.appending(file.path)).bytes else { continue }
      // Fixtures are named by their grammar: markdown_inline and the like have no extension of their own.
      let stem = String(file.path.lastComponent.description.prefix { $0 != "." })
      if stem == language || inspector.language(of: bytes.span, path: file.path).name == language {
        seeds.append(bytes)
      }
    }
  }
  return seeds
}

switch arguments.dropFirst().first {
case "names": for name in TreeSitterParser.grammarNames { say(name) }
case "cut" where arguments.count >= 7: cutFiles()
case "write" where arguments.count >= 5: writeFiles()
default: stop("usage: names | cut LANGUAGE FIRST END SECONDS PROGRESS FOLDER... | write LANGUAGE FIRST END FOLDER...")
}

func mutator(_ language: String, _ folders: ArraySlice<String>) -> SourceMutator {
  SourceMutator(
    seeds: seeds(language, Array(folders), limit: 300),
    tokens: TreeSitterParser.tokens(of: Language(name: language, kind: .code)).map { Array($0.utf8) },
    byteLimit: unsafe getenv("CAIRN_FUZZ_BYTES").flatMap { unsafe Int(String(cString: $0)) } ?? 64 << 10)
}

func range() -> Range<Int> {
  guard let first = Int(arguments[3]), let end = Int(arguments[4]), first <= end else {
    stop("FIRST and END are numbers")
  }
  return first..<end
}

func writeFiles() {
  let mutator = mutator(arguments[2], arguments[5...])
  for number in range() {
    let file = mutator.file(number)
    put((0..<4).map { UInt8(truncatingIfNeeded: file.count >> (8 * $0)) } + file)
  }
}

func cutFiles() {
  let name = arguments[2]
  let language = Language(name: name, kind: .code)
  let mutator = mutator(name, arguments[7...])
  let chunker = Chunker(parser: TreeSitterParser(), targetByteCount: 500)
  guard let seconds = Int(arguments[5]) else { stop("SECONDS is a number") }
  let deadline = ContinuousClock.now + .seconds(seconds)
  let progress = unsafe open(arguments[6], O_WRONLY | O_CREAT | O_TRUNC, 0o600)
  if progress < 0 { stop("\(arguments[6]) cannot be written") }
  var failures: [ParserFailure: Int] = [:]
  var byteCount = 0
  var longest = Duration.zero
  for number in range() where ContinuousClock.now < deadline {
    let file = mutator.file(number)
    var mark = Array("\(number) \(byteCount) \(failures.values.reduce(0, +))\n".utf8)
    mark += [UInt8](repeating: 0x20, count: max(0, 80 - mark.count))
    unsafe mark.withUnsafeBytes { unsafe _ = pwrite(progress, $0.baseAddress, $0.count, 0) }
    alarm(60)
    let start = ContinuousClock.now
    let (chunks, _, failure) = chunker.cut(file.span, in: language, memoryLimit: 256 << 20)
    let duration = start.duration(to: .now)
    longest = max(longest, duration)
    byteCount += file.count
    if let failure {
      failures[failure, default: 0] += 1
      say("failed \(number) \(failure)")
    }
    if duration > .seconds(2) { say("slow \(number) \(duration)") }
    var end = 0
    for chunk in chunks {
      if chunk.bytes.lowerBound != end { stop("\(name) \(number): chunks leave a gap at byte \(end)") }
      end = chunk.bytes.upperBound
    }
    if end != file.count { stop("\(name) \(number): chunks end at byte \(end) of \(file.count)") }
  }
  say("done \(byteCount) \(longest)")
}
