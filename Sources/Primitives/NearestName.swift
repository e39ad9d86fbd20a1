/// The name among `names` that was probably meant by `typed`: the one with the fewest edits (insertions, deletions,
/// substitutions, swaps of neighbours), if they are few for its length. Ties go to one that begins with the same
/// letter, since first letters are rarely mistyped, and then to the first.
package func nearestName(to typed: String, in names: [String]) -> String? {
  let wanted = Array(typed.lowercased().utf8.prefix(64))
  var best: (name: String, distance: Int)?
  for name in names {
    let distance = editDistance(wanted, Array(name.utf8))
    guard distance <= max(1, name.utf8.count / 3) else { continue }
    let beginsSo = name.utf8.first == wanted.first
    if let best, (distance, beginsSo ? 0 : 1) >= (best.distance, best.name.utf8.first == wanted.first ? 0 : 1) {
      continue
    }
    best = (name, distance)
  }
  return best?.name
}

/// How many insertions, deletions, substitutions and swaps of neighbours make `b` of `a`: the optimal string alignment
/// distance, by dynamic programming over three rows. Time: the product of the lengths.
package func editDistance(_ a: [UInt8], _ b: [UInt8]) -> Int {
  if a.isEmpty || b.isEmpty { return max(a.count, b.count) }
  var beforeLast: [Int] = []
  var last = Array(0...b.count)
  for i in 1...a.count {
    var row = [i]
    for j in 1...b.count {
      var cost = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1))
      if i > 1, j > 1, a[i - 1] == b[j - 2], a[i - 2] == b[j - 1] { cost = min(cost, beforeLast[j - 2] + 1) }
      row.append(cost)
    }
    beforeLast = last
    last = row
  }
  return last[b.count]
}
