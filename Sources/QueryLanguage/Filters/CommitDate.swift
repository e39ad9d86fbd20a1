import Primitives

/// A time as a filter of commits names it: `2026`, `2026-01`, `2026-01-31`, `2026-01-31T12:00`, `today`, `yesterday`,
/// `3days`, `2.weeks.ago`, `last-week`. Times are those of UTC, so that a query means the same on every machine.
package enum CommitDate: Hashable, Sendable {
  /// Where the year, month, day or minute begins that is named, in seconds since 1970.
  case instant(Int64)
  /// Where the day begins that is so many days before today.
  case day(before: Int64)
  /// So many seconds before now.
  case ago(Int64)

  /// Nil where `text` names no time.
  package init?(_ text: String) {
    let text = text.lowercased()
    if let date = Self.relative(text) ?? Self.instant(text) { self = date } else { return nil }
  }

  /// Seconds since 1970, at `now`, which is seconds since 1970 too.
  package func seconds(now: Int64) -> Int64 {
    switch self {
    case .instant(let seconds): seconds
    case .day(let count): now - (now % Self.day + Self.day) % Self.day - count * Self.day
    case .ago(let seconds): now - seconds
    }
  }

  private static let day: Int64 = 86_400
  /// A month is 30 days here and a year 365, as nobody who says so counts them.
  private static let units: [String: Int64] = [
    "second": 1, "sec": 1, "s": 1, "minute": 60, "min": 60, "hour": 3600, "h": 3600, "day": day, "d": day,
    "week": 7 * day, "w": 7 * day, "month": 30 * day, "year": 365 * day, "y": 365 * day,
  ]

  /// Whether `text` speaks of time, as `last-friday`, `two.weeks.ago`, `march-2026` and `yesteday` do, also where it
  /// names no time.
  static func mayBeMeant(by text: String) -> Bool {
    var words = text.lowercased().split { " ._-/,".contains($0) }
    if words.contains("ago") { return true }
    if words.count == 1, nearestName(to: String(words[0]), in: misspelt)?.first == words[0].first { return true }
    // A month or a day of the week beside numbers: `31-jan-2026`.
    if words.count > 1, words.contains(where: { word in names.contains { word == $0 || word == $0.prefix(3) } }),
      words.allSatisfy({ word in word.utf8.allSatisfy(\.isASCIIDigit) || names.contains { $0.hasPrefix(word) } })
    {
      return true
    }
    let isLast = words.first?.hasPrefix("last") ?? false
    if isLast { words[0].removeFirst(4) }
    let word = words.joined()
    return names.contains { word == $0 || word == $0.prefix(3) } || isLast && units[singular(word)] != nil
  }

  /// Words that nobody writes but for a time, so long that what is near them is meant to be one of them.
  private static let misspelt =
    ["yesterday", "lastweek", "lastmonth", "lastyear"] + names.filter { $0.utf8.count > 6 }

  /// Of days and months.
  private static let names = [
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "january", "february", "march",
    "april", "may", "june", "july", "august", "september", "october", "november", "december",
  ]

  /// `3days`, `2.weeks.ago`, `1 year ago`, `lastweek`, `yesterday`.
  private static func relative(_ text: String) -> CommitDate? {
    if text == "today" { return .day(before: 0) }
    if text == "yesterday" { return .day(before: 1) }
    if text == "now" { return .ago(0) }
    if text.hasPrefix("last") {
      let unit = String(text.dropFirst(4).drop { " ._-".contains($0) })
      return unit.utf8.count > 2 ? units[unit].map { .ago($0) } : nil
    }
    let digits = text.utf8.prefix { $0.isASCIIDigit }
    // More digits than any count of seconds that a person could mean.
    guard !digits.isEmpty, digits.count <= 9, let count = Int64(String(decoding: digits, as: UTF8.self)) else {
      return nil
    }
    var words = String(decoding: text.utf8.dropFirst(digits.count), as: UTF8.self)
      .split { " ._-".contains($0) }.map(String.init)
    if words.count > 1, words.last == "ago" { words.removeLast() }
    guard words.count == 1, let word = words.first, let unit = units[word] ?? units[singular(word)] else { return nil }
    return .ago(count * unit)
  }

  private static func singular(_ word: String) -> String { word.hasSuffix("s") ? String(word.dropLast()) : word }

  /// `2026`, `2026-01`, `2026-01-31`, with a time of day behind a `T` or a blank: `12:00`, `12:00:30`, `12:00Z`.
  private static func instant(_ text: String) -> CommitDate? {
    let parts = text.split(maxSplits: 1, omittingEmptySubsequences: false) { $0 == "t" || $0 == " " }
    guard let date = parts.first else { return nil }
    let numbers = date.split(separator: "-", omittingEmptySubsequences: false).map { number($0) }
    guard (1...3).contains(numbers.count), date.prefix(while: { $0 != "-" }).count == 4,
      let year = numbers[0], year >= 1970, let month = numbers.count > 1 ? numbers[1] : 1, (1...12).contains(month),
      let day = numbers.count > 2 ? numbers[2] : 1, day >= 1, day <= dayCount(ofMonth: month, year: year)
    else { return nil }
    let start = days(year: year, month: month, day: day) * Self.day
    if parts.count == 1 { return .instant(start) }
    guard numbers.count == 3 else { return nil }
    var time = parts[1]
    if time.last == "z" { time = time.dropLast() }
    let clock = time.split(separator: ":", omittingEmptySubsequences: false).map { number($0) }
    guard (2...3).contains(clock.count), let hour = clock[0], hour < 24, let minute = clock[1], minute < 60,
      let second = clock.count > 2 ? clock[2] : 0, second < 60
    else { return nil }
    return .instant(start + (hour * 60 + minute) * 60 + second)
  }

  /// The day of the Gregorian calendar, in UTC, that has the second `seconds` since 1970.
  package static func day(ofSeconds seconds: Int64) -> (year: Int64, month: Int64, day: Int64) {
    let number = (seconds - (seconds % day + day) % day) / day + 719_468
    let era = (number >= 0 ? number : number - 146_096) / 146_097
    let dayOfEra = number - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shifted = (5 * dayOfYear + 2) / 153
    let month = shifted < 10 ? shifted + 3 : shifted - 9
    return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shifted + 2) / 5 + 1)
  }

  private static func number(_ text: Substring) -> Int64? {
    text.utf8.count <= 4 && text.utf8.allSatisfy { $0.isASCIIDigit } ? Int64(text) : nil
  }

  private static func dayCount(ofMonth month: Int64, year: Int64) -> Int64 {
    let next = month == 12 ? days(year: year + 1, month: 1, day: 1) : days(year: year, month: month + 1, day: 1)
    return next - days(year: year, month: month, day: 1)
  }

  /// Days from 1970-01-01 to a day of the Gregorian calendar: years that begin in March, so that a leap day ends one
  /// (Hinnant, "chrono-compatible low-level date algorithms").
  private static func days(year: Int64, month: Int64, day: Int64) -> Int64 {
    let year = month <= 2 ? year - 1 : year
    let era = year / 400
    let yearOfEra = year - era * 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    return era * 146_097 + dayOfEra - 719_468
  }
}
