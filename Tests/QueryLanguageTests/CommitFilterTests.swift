import QueryLanguage
import Testing

/// `author:`, `before:` and `after:`.
@Suite struct CommitFilterTests {
  /// 2026-03-01T12:00:00Z
  private let now: Int64 = 1_772_366_400

  @Test(arguments: [
    ("2026", 1_767_225_600), ("2026-02", 1_769_904_000), ("2026-02-28", 1_772_236_800),
    ("2024-02-29", 1_709_164_800), ("2026-02-28T06:30", 1_772_260_200), ("2026-02-28 06:30:05Z", 1_772_260_205),
    ("1970-01-01", 0), ("2000-03-01", 951_868_800), ("today", 1_772_323_200), ("yesterday", 1_772_236_800),
    ("now", 1_772_366_400), ("3days", 1_772_107_200), ("2.weeks.ago", 1_771_156_800), ("1 hour ago", 1_772_362_800),
    ("1month", 1_769_774_400), ("1y", 1_740_830_400), ("90min", 1_772_361_000),
    ("lastweek", 1_771_761_600), ("last month", 1_769_774_400), ("last-year", 1_740_830_400),
  ])
  func `a date means one second`(text: String, seconds: Int64) throws {
    #expect(try #require(CommitDate(text)).seconds(now: now) == seconds)
  }

  @Test(arguments: [
    "", "26", "20260101", "2026-13", "2026-00", "2026-02-29", "2026-02-30", "2026-1-1T", "1969", "2026-02T10:00",
    "2026-02-28T24:00", "2026-02-28T10", "days", "3", "3fortnights", "content", "-1day", "9999999999days",
    "2026-02-28T10:61", "١٢days",
  ])
  func `what names no time is no date`(text: String) { #expect(CommitDate(text) == nil) }

  @Test func `a day is the one that its seconds lie in`() {
    for (seconds, day): (Int64, [Int64]) in [
      (0, [1970, 1, 1]), (86_399, [1970, 1, 1]), (86_400, [1970, 1, 2]), (-1, [1969, 12, 31]),
      (951_782_400, [2000, 2, 29]), (1_772_366_400, [2026, 3, 1]), (4_107_542_400, [2100, 3, 1]),
    ] {
      let found = CommitDate.day(ofSeconds: seconds)
      #expect([found.year, found.month, found.day] == day)
    }
  }

  @Test func `each day is read as it is written`() throws {
    for day in stride(from: Int64(0), to: 60_000, by: 7) {
      let (year, month, number) = CommitDate.day(ofSeconds: day * 86_400)
      func digits(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }
      let date = try #require(CommitDate("\(year)-\(digits(month))-\(digits(number))"))
      #expect(date == .instant(day * 86_400))
    }
  }

  @Test func `filters of commits are taken out of the query`() {
    let parsed = QueryParser().parse("parse author:\"Ann Author\" after:2026-01 -author:bot before:yesterday dates")
    #expect(parsed.text == "parse dates" && parsed.filters.commits.authors == ["ann author"])
    #expect(parsed.filters.commits.excludedAuthors == ["bot"])
    #expect(parsed.filters.commits.after == [.instant(1_767_225_600)])
    #expect(parsed.filters.commits.before == [.day(before: 1)])
    #expect(parsed.filters.written.count == 4 && !parsed.filters.isEmpty)
  }

  @Test(arguments: [
    "before:content", "after:absolute x", "before:each", "since:always", "before::after", "after:last-child",
    "before:remember", "after:may-be", "before:all/of",
  ])
  func `what names no time behind such a name is a word`(text: String) {
    let parsed = QueryParser().parse(text)
    #expect(parsed.filters.isEmpty && parsed.misunderstood.isEmpty && parsed.text == text)
  }

  @Test(arguments: [
    "before:2026-02-31", "after:last-friday", "since:march", "until:two.weeks.ago", "after:tue", "before:lastmonths",
    "after:2026/01/31", "since:31/01/2026", "after:yesteday", "before:febuary", "after:jan-2026",
    "-until:31.march.2026",
  ])
  func `a time that cannot be is told of`(filter: String) {
    let parsed = QueryParser().parse("parser \(filter)")
    #expect(parsed.filters.isEmpty && parsed.misunderstood == [filter])
  }

  @Test func `what begins as a filter by time and names none is known`() {
    let text = "a before:content \"after:quoted\" -since:ever after:2026 author:x until: before::b path:c Until:x:y"
    #expect(CommitFilters.unknownTimes(in: text) == ["before:content", "-since:ever", "Until:x:y"])
  }

  @Test func `a commit passes when all filters do`() {
    let filters = QueryParser().parse("x author:ann author:bob -author:robot after:2026-02 before:2026-03").filters
      .commits
    func passes(_ author: String, _ date: String) -> Bool {
      filters.passes(author: author, seconds: CommitDate(date)?.seconds(now: now) ?? 0, now: now)
    }
    #expect(passes("ann author <a@example.org>", "2026-02-01") && passes("bob <b@example.org>", "2026-02-28T23:59:59"))
    #expect(!passes("ann author <a@example.org>", "2026-03-01") && !passes("ann <a@example.org>", "2026-01-31"))
    #expect(!passes("zoë <z@example.org>", "2026-02-10") && !passes("bob's robot <b@example.org>", "2026-02-10"))
  }
}
