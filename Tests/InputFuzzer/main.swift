import Disk
import Glibc
import Primitives

// Gives bytes that Cairn did not write to everything that reads such bytes. What it reads must be refused or believed,
// within bounds: a trap, a minute, or more memory than `memoryLimit` ends the process.
//
//     cairn-input-fuzzer names                                     the targets, a line each
//     cairn-input-fuzzer replay TARGET PATH...                     reads these files, and those in these folders
//     cairn-input-fuzzer mutate --seed N --rounds N TARGET PATH... reads that many inputs made of them
//     cairn-input-fuzzer write --seed N --round N TARGET PATH...   writes one of these inputs to standard output
//     cairn-input-fuzzer fuzz TARGET ARGUMENT...                   libFuzzer, with arguments of its own
//
// Before each input of `mutate` its number is written over the last in the file that CAIRN_FUZZ_PROGRESS names.

let arguments = Array(CommandLine.arguments.dropFirst())
let usage =
  "usage: names | replay TARGET PATH... | mutate --seed N --rounds N TARGET PATH... "
  + "| write --seed N --round N TARGET PATH... | fuzz TARGET ARGUMENT..."

/// Bytes of private memory of the process, libFuzzer's included. Inputs have at most some ten thousand bytes, so what
/// needs more believed a size that was forged.
let memoryLimit: rlim_t = 1 << 30
/// Seconds for one input.
let timeLimit: UInt32 = 60

func target(_ name: String) -> InputTarget {
  guard let target = InputTarget.all.first(where: { $0.name == name }) else {
    stop("there is no target \(name); they are \(InputTarget.all.map(\.name).joined(separator: ", "))")
  }
  return target
}

/// The files at `paths`, and of folders those directly inside, in the order of their names.
func inputs(_ paths: ArraySlice<String>) -> [(path: FilePath, bytes: [UInt8])] {
  var inputs: [(path: FilePath, bytes: [UInt8])] = []
  do throws(Failure) {
    for path in paths.map({ FilePath($0) }) {
      if try FileStatus(of: path).kind == .directory {
        for name in try listDirectory(path).map(\.name.bytes).sorted(by: { $0.lexicographicallyPrecedes($1) }) {
          let file = path.appending(FilePath(bytes: name))
          inputs.append((file, try readFile(file).bytes))
        }
      } else {
        inputs.append((path, try readFile(path).bytes))
      }
    }
  } catch { stop("\(error)") }
  if inputs.isEmpty { stop("there is no input") }
  return inputs
}

func limitMemory() {
  var limit = rlimit(rlim_cur: memoryLimit, rlim_max: memoryLimit)
  unsafe _ = setrlimit(__rlimit_resource_t(RLIMIT_DATA.rawValue), &limit)
}

func replay(_ target: InputTarget, _ paths: ArraySlice<String>) {
  limitMemory()
  let inputs = inputs(paths)
  for input in inputs {
    // Said before: it names the input that ends the process.
    say("\(target.name) \(input.path)")
    alarm(timeLimit)
    target.read(input.bytes.span)
  }
  say("\(target.name): \(inputs.count) inputs read")
}

/// `--seed N --rounds N TARGET PATH...`
func mutator(_ count: String) -> (target: InputTarget, mutator: InputMutator, count: Int) {
  guard arguments.count >= 7, arguments[1] == "--seed", let seed = UInt64(arguments[2]), arguments[3] == count,
    let number = Int(arguments[4])
  else { stop(usage) }
  let target = target(arguments[5])
  let seeds = inputs(arguments[6...]).map(\.bytes)
  return (target, InputMutator(seeds: seeds, seed: seed, byteLimit: target.byteLimit), number)
}

func mutate() {
  let (target, mutator, count) = mutator("--rounds")
  limitMemory()
  for number in 0..<count {
    if let progress { progress.write(number) }
    alarm(timeLimit)
    target.read(mutator.input(number).span)
  }
  say("\(target.name): \(count) inputs read")
}

/// The file that says which input ended the process.
struct Progress {
  let descriptor: Int32

  func write(_ number: Int) {
    let text = Array("\(number)\n".utf8)
    unsafe text.withUnsafeBytes { unsafe _ = pwrite(descriptor, $0.baseAddress, $0.count, 0) }
  }
}

let progress: Progress? = processEnvironment()["CAIRN_FUZZ_PROGRESS"].map { path in
  let descriptor = unsafe creat(String(decoding: path, as: UTF8.self), 0o600)
  if descriptor < 0 { stop("\(FilePath(bytes: path)) cannot be written") }
  return Progress(descriptor: descriptor)
}

if let name = processEnvironment()[CoverageFuzzing.environmentName], arguments.first != "fuzz" {
  // A worker that libFuzzer started.
  limitMemory()
  CoverageFuzzing.run(target(String(decoding: name, as: UTF8.self)), arguments)
}
switch arguments.first {
case "names": for target in InputTarget.all { say(target.name) }
case "replay" where arguments.count >= 3: replay(target(arguments[1]), arguments[2...])
case "mutate": mutate()
case "write":
  let (_, mutator, number) = mutator("--round")
  let input = mutator.input(number)
  put(input)
case "fuzz" where arguments.count >= 2:
  limitMemory()
  CoverageFuzzing.run(target(arguments[1]), Array(arguments[2...]))
default: stop(usage)
}
