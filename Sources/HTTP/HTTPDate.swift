/// The date in a header such as `Retry-After: Fri, 31 Dec 1999 23:59:59 GMT` (RFC 9110, 5.6.7; the preferred form, the only
/// one that servers still send), in seconds since 1970; nothing for anything else.
package func secondsSince1970(httpDate text: String) -> Int? {
  let months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
  let parts = text.lowercased().split(separator: " ")
  guard parts.count == 6, parts[0].hasSuffix(","), parts[5] == "gmt" || parts[5] == "utc",
    let day = Int(parts[1]), (1...31).contains(day), let month = months.firstIndex(of: String(parts[2])),
    let year = Int(parts[3]), (1970...9999).contains(year)
  else { return nil }
  let time = parts[4].split(separator: ":").compactMap { Int($0) }
  guard time.count == 3, (0...23).contains(time[0]), (0...59).contains(time[1]), (0...60).contains(time[2]) else {
    return nil
  }
  return (dayNumber(year: year, month: month + 1, day: day) * 24 + time[0]) * 3600 + time[1] * 60 + time[2]
}

/// Days since 1970-01-01 in the Gregorian calendar. Counted in years that begin in March, so that the day that a leap year
/// has more is the last.
private func dayNumber(year: Int, month: Int, day: Int) -> Int {
  let marchYear = month > 2 ? year : year - 1
  let marchMonth = (month + 9) % 12
  let leapDays = marchYear / 4 - marchYear / 100 + marchYear / 400
  // 719,468 days lie between 0000-03-01 and 1970-01-01.
  return marchYear * 365 + leapDays + (marchMonth * 153 + 2) / 5 + day - 1 - 719_468
}
