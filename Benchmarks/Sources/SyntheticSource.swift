import Disk
import Primitives

/// Source files that look like code, from a seed: the same bytes on every machine.
///
/// C, Python and Swift in folders two deep, names made of syllables with the frequencies of words, a comment here and
/// there, an ignore file in every folder.
struct SyntheticSource {
  private var random: SeededRandom
  private let words: [String]

  init(seed: UInt64) {
    var random = SeededRandom(seed: seed)
    let syllables = [
      "ba", "cor", "din", "fel", "gra", "hu", "jor", "kel", "lim", "mor", "nex", "pol", "qua", "rit", "sto", "tav",
    ]
    words = (0..<1500).map { _ in
      (0..<Int.random(in: 1...3, using: &random)).map { _ in syllables.randomElement(using: &random) ?? "" }.joined()
    }
    self.random = random
  }

  /// Writes `fileCount` files below `root`.
  static func write(fileCount: Int, seed: UInt64, to root: FilePath) throws {
    var source = SyntheticSource(seed: seed)
    for number in 0..<fileCount {
      let folder = root.appending("part\(number % 12)/\(source.word())")
      try makeDirectory(folder)
      let (text, suffix) =
        switch number % 3 {
        case 0: (source.c(), "c")
        case 1: (source.python(), "py")
        default: (source.swift(), "swift")
        }
      try write(text, to: folder.appending("\(source.word())_\(number).\(suffix)"))
      try write(
        "*.o\nbuild/\n/\(source.word())\n!keep.o\n\(source.word())/**/*.tmp\n", to: folder.appending(".gitignore"))
    }
  }

  private static func write(_ text: String, to path: FilePath) throws {
    var file = try AtomicFile(path)
    try file.write(Array(text.utf8))
    try file.commit()
  }

  mutating func word() -> String {
    let place = Double.random(in: 0..<1, using: &random)
    return words[Int(place * place * Double(words.count))]
  }
  private mutating func name() -> String { word() + "_" + word() }
  private mutating func camel() -> String { word() + word().capitalisedFirst }
  private mutating func sentence() -> String {
    (0..<Int.random(in: 5...12, using: &random)).map { _ in word() }.joined(separator: " ")
  }
  private mutating func count(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }

  private mutating func c() -> String {
    var text = "#include <\(word()).h>\n\n"
    for _ in 0..<count(2...14) {
      text += "/* \(sentence()) */\nstatic int \(name())(struct \(word()) *\(word()), int \(word()))\n{\n"
      for _ in 0..<count(2...16) {
        text +=
          "\tif (\(word())->\(word()) > \(count(0...999)))\n\t\t\(word()) = \(name())(\(word()), \"\(word())\");\n"
      }
      text += "\treturn \(word());\n}\n\n"
    }
    return text
  }

  private mutating func python() -> String {
    var text = "import \(word())\n\n"
    for _ in 0..<count(1...5) {
      text += "class \(camel().capitalisedFirst):\n    \"\"\"\(sentence())\"\"\"\n\n"
      for _ in 0..<count(1...6) {
        text += "    def \(name())(self, \(word()), \(word())=None):\n"
        for _ in 0..<count(2...10) {
          text += "        self.\(word()) = \(word()).\(name())(\(word()), \(count(0...99)))\n"
        }
        text += "        return \(word())\n\n"
      }
    }
    return text
  }

  private mutating func swift() -> String {
    var text = "import \(word().capitalisedFirst)\n\n/// \(sentence())\nstruct \(camel().capitalisedFirst) {\n"
    for _ in 0..<count(2...12) {
      text += "  /// \(sentence())\n  func \(camel())(\(word()): Int) -> Int {\n"
      for _ in 0..<count(2...10) { text += "    let \(camel()) = \(camel())(\(word())) + \(count(0...99))\n" }
      text += "    return \(word())\n  }\n\n"
    }
    return text + "}\n"
  }
}

extension String {
  fileprivate var capitalisedFirst: String { prefix(1).uppercased() + dropFirst() }
}
