/// The name among `names` that was probably meant by `typed`: the one with the fewest edits (insertions, deletions,
/// substitutions, swaps of neighbours), if they are few for its length. Ties go to the first.
package func nearestName(to typed: String, in names: [String]) -> String? {
  let wanted = Array(typed.lowercased().utf8.prefix(64))
  var best: (name: String, distance: Int)?
  for name in names {
    let distance = editDistance(wanted, Array(name.utf8))
    if distance <= max(1, name.utf8.count / 3), distance < best?.distance ?? .max { best = (name, distance) }
  }
  return best?.name
}
