import Chunking
import Embedding
import Inspection
import JSON
package import Primitives
import Qdrant
import Segments
import Synchronization

/// A collection as one search sees it.
///
/// A server numbers points by their contents; the numbers of files and chunks that a search speaks of are assigned
/// here, to each file when it is met first. What is written while a search runs may be seen by its later requests: a
/// server has no snapshots for searches. A chunk that is gone by then is left out.
final class QdrantView: StoreView {
  /// A file's point.
  struct File {
    var key: PointID
    var entry: StoreFileEntry
  }

  /// The oversampling factor of candidates by words: the server knows neither the mean length nor which terms are forms
  /// of one word, and is to miss nothing all the same.
  private static let lexicalOversampling = 3
  /// A filter does not name more files; the searcher checks the rest.
  private static let filterLimit = 20_000
  /// Points of one request by their numbers.
  private static let retrievalLimit = 256

  let chunkCount: Int
  let totalLength: Int
  let gaps: [CollectionGap]
  private let store: QdrantStore
  private let client: QdrantClient
  private let name: CollectionName
  private let collection: StoreCollection
  private let quantisation: CollectionPlan.Quantisation
  private let generation: Int64
  private let context: SearchContext
  private var entries: [StoreFileEntry]?

  /// What has a number: files by theirs less 1, and the number of the first chunk of each.
  private var files: [File] = []
  private var numbers: [PointID: Int] = [:]
  private var firstChunks: [Int64] = []
  private var nextChunk: Int64 = 0
  private var frequencies: [TermToken: Int] = [:]

  /// Throws as the store does.
  init(_ store: QdrantStore, _ collection: StoreCollection, _ context: SearchContext) throws(Failure) {
    self.store = store
    client = store.client.waited(for: context)
    self.collection = collection
    self.context = context
    name = try QdrantStore.realName(of: collection)
    guard let record = try store.record(of: name) else {
      throw Failure(
        .storeRefused,
        "the collection \(collection.name) is gone from \(store.client.host): another one has taken its "
          + "place, or it was removed; try again")
    }
    let totals = try store.currentTotals(of: name, record, context)
    gaps = try store.pushes(into: name).isEmpty ? [] : [.push]
    quantisation = record.quantisation
    generation = record.generation
    chunkCount = totals.chunkCount
    totalLength = totals.totalLength
  }

  func fileEntries() throws(Failure) -> [StoreFileEntry] {
    if let entries { return entries }
    let all: [File]
    if let known = store.knownFiles, known.key == collection.key, known.generation == generation {
      all = known.files
    } else {
      all = try QdrantStore.asking { () throws(Failure) in try store.readFiles(of: name, context) }
      store.knownFiles = (collection.key, generation, all)
    }
    var list: [StoreFileEntry] = []
    list.reserveCapacity(all.count)
    for file in all {
      var entry = file.entry
      entry.id = Int64(number(of: file.key, entry)) + 1
      list.append(entry)
    }
    entries = list
    return list
  }

  func documentFrequencies(of terms: [Term]) throws(Failure) -> [Int] {
    let tokens = terms.map { TermToken($0) }
    let unknown = Array(Set(tokens).subtracting(frequencies.keys)).sorted { $0.text < $1.text }
    let (client, name, cancellation) = (client, name, context.cancellation)
    let next = Atomic(0)
    let found = Mutex<(counts: [TermToken: Int], failure: Failure?)>(([:], nil))
    let threads = min(max(1, client.options.requestsInFlight), unknown.count)
    // Requests wait for the server, not for a core.
    let count: @Sendable () -> Void = {
      while true {
        let i = next.add(1, ordering: .relaxed).oldValue
        guard i < unknown.count, found.withLock({ $0.failure == nil }) else { return }
        do throws(Failure) {
          let count = try client.count(
            name, .hasTokens(PointField.terms, unknown[i].text), cancellation: cancellation)
          found.withLock { $0.counts[unknown[i]] = count }
        } catch { found.withLock { $0.failure = $0.failure ?? error } }
      }
    }
    let others = (1..<max(1, threads)).compactMap { _ in BlockingThread(count) }
    count()
    for thread in others { thread.join() }
    try context.check()
    let (counts, failure) = found.withLock { $0 }
    if let failure { throw QdrantStore.stored(failure) }
    frequencies.merge(counts) { $1 }
    return tokens.map { frequencies[$0] ?? 0 }
  }

  /// A server keeps no dictionary that can be read.
  func terms(withPrefix prefix: [UInt8], field: Term.Field, limit: Int) throws(Failure) -> [Term] { [] }

  // MARK: Candidates

  func candidates(_ requests: [CandidateRequest]) throws(Failure) -> [[StoreChunkID]] {
    try context.check()
    var lists = [[StoreChunkID]](repeating: [], count: requests.count)
    var queries: [PointQuery] = []
    var askers: [Int] = []
    for (i, request) in requests.enumerated() {
      if case .files(let ids) = request {
        lists[i] = ids.flatMap { chunks(ofFile: $0) }
      } else if let query = try query(for: request) {
        queries.append(query)
        askers.append(i)
      }
    }
    let answers = try QdrantStore.asking { () throws(Failure) in
      try client.query(queries, of: name, cancellation: context.cancellation)
    }
    for (i, points) in zip(askers, answers) {
      for point in points {
        guard let key = point.payload[PointField.file]?.string.flatMap(PointID.init),
          let ordinal = point.payload[PointField.ordinal]?.integer,
          let count = point.payload[PointField.chunkCount]?.integer, (0..<count).contains(ordinal), count < 1 << 24
        else { throw PointReader(host: store.client.host, dimensions: 0).notOurs }
        lists[i].append(firstChunks[number(of: key, chunkCount: count)] + Int64(ordinal))
      }
    }
    return lists
  }

  /// Nil for one that can find nothing.
  private func query(for request: CandidateRequest) throws(Failure) -> PointQuery? {
    switch request {
    case .terms(let query, let pooled, let limit, let filter):
      let own = try documentFrequencies(of: query.clauses.map(\.term))
      let vector = SparseVector(
        query.clauses.indices.compactMap { i in
          guard own[i] > 0, query.clauses[i].weight > 0 else { return nil }
          // The server multiplies by the rarity of the term itself.
          let (wanted, given) = (rarity(i < pooled.count ? pooled[i] : own[i]), rarity(own[i]))
          let weight = given > 0 ? query.clauses[i].weight * wanted / given : 0
          return weight > 0 ? (TermToken(query.clauses[i].term).component, weight) : nil
        })
      if vector.indices.isEmpty { return nil }
      return PointQuery(
        .sparse(vector, using: PointField.sparseVector), filter: self.filter(filter),
        limit: limit * Self.lexicalOversampling, fields: PointField.ofCandidate)
    case .vector(let vector, let limit, let filter):
      if vector.allSatisfy({ $0 == 0 }) { return nil }
      var query = PointQuery(
        .dense(vector, using: PointField.denseVector), filter: self.filter(filter), limit: limit,
        fields: PointField.ofCandidate)
      query.search.beam = max(128, 2 * limit)
      query.search.oversampling = quantisation.oversampling
      return query
    case .holdingAll(let terms, let limit, let filter):
      let tokens = terms.map { TermToken($0).text }.joined(separator: " ")
      let holding = QdrantFilter.hasTokens(PointField.terms, tokens)
      return PointQuery(
        .filter, filter: .all([holding] + conditions(filter)), limit: limit, fields: PointField.ofCandidate)
    case .files: return nil
    }
  }

  private func rarity(_ frequency: Int) -> Float {
    StoredFrequencies.inverseDocumentFrequency(max(1, frequency), of: max(chunkCount, frequency, 1))
  }

  private func filter(_ filter: StoreFilter) -> QdrantFilter? {
    let parts = conditions(filter)
    return parts.isEmpty ? nil : .all(parts)
  }

  private func conditions(_ filter: StoreFilter) -> [QdrantFilter] {
    var parts: [QdrantFilter] = []
    if let ids = filter.files, ids.count <= Self.filterLimit {
      let keys = ids.compactMap { id in
        files.indices.contains(Int(id) - 1) ? files[Int(id) - 1].key.description : nil
      }
      parts.append(.isAny(PointField.file, keys))
    }
    if let kinds = filter.kinds {
      let all = Symbol.Kind.allCases
      func names(_ bits: UInt64) -> [String] {
        all.filter { bits >> UInt64($0.rawValue & 63) & 1 == 1 }.map { "\($0)" }
      }
      if kinds.wanted != 0 { parts.append(.isAny(PointField.symbolKinds, names(kinds.wanted))) }
      if kinds.excluded != 0 { parts.append(.isAny(PointField.symbolKinds, names(~kinds.excluded) + ["none"])) }
    }
    for terms in filter.holding {
      parts.append(.any(terms.map { .hasTokens(PointField.terms, TermToken($0).text) }))
    }
    return parts
  }

  // MARK: What is kept of them

  func records(of chunks: [StoreChunkID], terms: [Term]) throws(Failure) -> [StoreRecord] {
    let wanted = Set(terms.map { TermToken($0).text })
    let reader = PointReader(host: store.client.host, dimensions: collection.identity.model.dimensions)
    let ids = chunks.compactMap(pointID)
    var records: [StoreRecord] = []
    records.reserveCapacity(ids.count)
    for start in stride(from: 0, to: ids.count, by: Self.retrievalLimit) {
      try context.check()
      let points = try QdrantStore.asking { () throws(Failure) in
        try client.retrieve(
          Array(ids[start..<min(ids.count, start + Self.retrievalLimit)]), of: name, fields: PointField.ofRecord,
          cancellation: context.cancellation)
      }
      for point in points {
        guard let (key, found) = PointReader.file(point.payload), let key,
          let ordinal = point.payload[PointField.ordinal]?.integer, (0..<found.chunkCount).contains(ordinal)
        else { throw reader.notOurs }
        var entry = found
        let number = number(of: key, entry)
        entry.id = Int64(number) + 1
        records.append(
          StoreRecord(
            id: firstChunks[number] + Int64(ordinal), file: entry,
            chunk: try reader.chunk(point.payload, terms: wanted)))
      }
    }
    return try withoutReplaced(records)
  }

  func records(
    ofFiles files: [StoreFileID], without known: Set<StoreChunkID>, terms: [Term]
  ) throws(Failure) -> [StoreRecord] {
    try records(of: files.flatMap { chunks(ofFile: $0) }.filter { !known.contains($0) }, terms: terms)
  }

  /// Without the chunks of a file that is there twice, since it is being replaced: of the one whose point is not there,
  /// or, where both are, of either.
  private func withoutReplaced(_ records: [StoreRecord]) throws(Failure) -> [StoreRecord] {
    var ids: [FilePath: Set<StoreFileID>] = [:]
    for record in records { ids[record.file.path, default: []].insert(record.file.id) }
    let twice = ids.values.filter { $0.count > 1 }
    if twice.isEmpty { return records }
    let keys = twice.joined().map { files[Int($0) - 1].key }
    let there = try QdrantStore.asking { () throws(Failure) in
      Set(
        try client.retrieve(keys, of: name, fields: [PointField.kind], cancellation: context.cancellation)
          .map(\.id))
    }
    var gone: Set<StoreFileID> = []
    for one in twice {
      let order = one.sorted { a, b in
        let (first, second) = (files[Int(a) - 1].key, files[Int(b) - 1].key)
        let isThere = (there.contains(first), there.contains(second))
        return isThere.0 != isThere.1 ? isThere.0 : first.description < second.description
      }
      gone.formUnion(order.dropFirst())
    }
    return records.filter { !gone.contains($0.file.id) }
  }

  func text(of path: FilePath) throws(Failure) -> [UInt8]? {
    try store.read([path], of: collection, context).first?.text
  }

  // MARK: Numbers

  private func number(of key: PointID, _ entry: StoreFileEntry) -> Int {
    let number = number(of: key, chunkCount: entry.chunkCount)
    files[number].entry = entry
    return number
  }

  /// The number less 1 of a file, which gets one with all its chunks when it is met first.
  private func number(of key: PointID, chunkCount: Int) -> Int {
    if let number = numbers[key] { return number }
    numbers[key] = files.count
    let entry = StoreFileEntry(
      id: Int64(files.count) + 1, path: "", language: .plainText, contentHash: ContentHash(high: 0, low: 0),
      chunkCount: chunkCount)
    files.append(File(key: key, entry: entry))
    firstChunks.append(nextChunk)
    nextChunk += Int64(chunkCount)
    return files.count - 1
  }

  private func chunks(ofFile id: StoreFileID) -> Range<StoreChunkID> {
    let number = Int(id) - 1
    guard files.indices.contains(number) else { return 0..<0 }
    return firstChunks[number]..<firstChunks[number] + Int64(files[number].entry.chunkCount)
  }

  /// The point of a chunk; nil for a number that was not given.
  private func pointID(_ chunk: StoreChunkID) -> PointID? {
    guard chunk >= 0, chunk < nextChunk else { return nil }
    var (low, high) = (0, firstChunks.count)
    while high - low > 1 {
      let middle = (low + high) / 2
      if firstChunks[middle] <= chunk { low = middle } else { high = middle }
    }
    // Files without chunks have the number of the next one's first.
    return FilePoints.id(ofChunk: Int(chunk - firstChunks[low]), of: files[low].key)
  }
}

extension QdrantStore {
  package func view(of collection: StoreCollection, _ context: SearchContext) throws(Failure) -> any StoreView {
    try Self.asking { () throws(Failure) in try QdrantView(self, collection, context) }
  }
}
