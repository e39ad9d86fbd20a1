/// The words behind the program's name.
struct Arguments {
  private(set) var words: [String]

  init(_ words: [String]) { self.words = words }

  /// Takes `--name` out of the words; whether it was there.
  mutating func takeFlag(_ name: String) -> Bool {
    let isThere = words.contains(name)
    words.removeAll { $0 == name }
    return isThere
  }

  /// Takes `--name value` out of the words.
  mutating func takeValue(_ name: String) -> String? {
    guard let place = words.firstIndex(of: name), place + 1 < words.count else { return nil }
    let value = words[place + 1]
    words.removeSubrange(place...place + 1)
    return value
  }
}
