import Disk
import Embedding
import Primitives
import Tokenizing

/// Runs encoded texts through a model in batches, on the best device that works, and gives each text one row of values.
/// Batches shrink when memory runs out and devices are given up when they fail: a run ends only when the CPU cannot do
/// one text by itself. Thread-safe.
final class BatchRunner: Sendable {
  let ladder: DeviceLadder
  /// What becomes of a batch's output: one row of `width` values for each text, in the batch's order.
  typealias Reduction = @Sendable (ModelOutput, TokenBatch) throws(Failure) -> [Float]

  private let output: String
  private let padding: Int64
  private let size: ModelSize
  private let batchSize: Int
  private let memoryByteCount: Int?
  private let threadCount: Int
  private let reduction: Reduction
  private let budgets = Monitor<[OnnxDevice: BatchBudget]>([:])

  /// - Parameters:
  ///   - threadCount: batches in flight at once on the CPU; an accelerator gets one at a time.
  ///   - batchSize: texts in a batch; 0 to follow lengths, device, model and memory.
  init(
    _ ladder: DeviceLadder, output: String, padding: Int64, size: ModelSize, batchSize: Int, memoryByteCount: Int?,
    threadCount: Int, reduction: @escaping Reduction
  ) {
    self.ladder = ladder
    self.output = output
    self.padding = padding
    self.size = size
    self.batchSize = batchSize
    self.memoryByteCount = memoryByteCount
    self.threadCount = threadCount
    self.reduction = reduction
  }

  private struct Run: Sendable {
    var plan: BatchPlan
    var rows: [Float]
    var busyCount = 0
    var failure: Failure?
  }

  /// One row of `width` values for each encoding, contiguous. Blocks.
  func rows(of encodings: [Encoding], width: Int) throws(Failure) -> [Float] {
    if encodings.isEmpty { return [] }
    let run = Monitor(
      Run(
        plan: BatchPlan(lengths: encodings.map(\.ids.count)),
        rows: [Float](repeating: 0, count: encodings.count * width)))
    let work: @Sendable () -> Void = { [self] in
      while step(run, encodings, width) {}
    }
    let device = try ladder.footing().device
    var threads: [BlockingThread] = []
    for _ in 1..<max(1, device.isAccelerator ? 1 : min(threadCount, encodings.count)) {
      guard let thread = BlockingThread(work) else { break }
      threads.append(thread)
    }
    work()
    for thread in threads { thread.join() }
    return try run.wait { run -> Result<[Float], Failure>? in
      run.failure.map { .failure($0) } ?? .success(run.rows)
    }.get()
  }

  /// Takes a batch and runs it; false at the end of the run.
  private func step(_ run: Monitor<Run>, _ encodings: [Encoding], _ width: Int) -> Bool {
    let footing: DeviceLadder.Footing
    do { footing = try ladder.footing() } catch {
      run.update { $0.failure = error }
      return false
    }
    let budget = tokenBudget(on: footing.device)
    let textLimit = batchSize > 0 ? batchSize : .max
    // A batch that another thread has in flight may come back: the end is when nothing waits and nobody is at work.
    let batch: TextBatch? = run.wait { (run) -> TextBatch?? in
      if run.failure != nil { return .some(nil) }
      if run.plan.isEmpty { return run.busyCount == 0 ? .some(nil) : nil }
      run.busyCount += 1
      return .some(run.plan.next(tokenBudget: budget, textLimit: textLimit))
    }
    guard let batch else { return false }
    do throws(Failure) {
      let tokens = TokenBatch(batch.texts.map { encodings[$0] }, padding: padding)
      let start = ContinuousClock.now
      let result = try reduction(footing.session.run(tokens, output: output), tokens)
      guard result.count == batch.texts.count * width else {
        throw Failure(
          .unsupportedModel, "the model gave \(result.count / batch.texts.count) values a text, not \(width)")
      }
      guard result.allSatisfy(\.isFinite) else {
        throw Failure(.deviceFailed, "\(footing.device.title) gave values that are no numbers")
      }
      let elapsed = Double((ContinuousClock.now - start) / .nanoseconds(1)) / 1e9
      learn(footing.device) { $0.measured(paddedTokenCount: batch.paddedTokenCount, seconds: elapsed) }
      run.update { run in
        for (i, text) in batch.texts.enumerated() {
          for k in 0..<width { run.rows[text * width + k] = result[i * width + k] }
        }
        run.busyCount -= 1
      }
    } catch {
      recover(from: error, batch, footing, run)
    }
    return true
  }

  /// Puts the batch back for a smaller budget or another device, or ends the run where neither is left.
  private func recover(from failure: Failure, _ batch: TextBatch, _ footing: DeviceLadder.Footing, _ run: Monitor<Run>)
  {
    var end: Failure?
    if failure.code == .outOfMemory, batch.texts.count > 1 {
      learn(footing.device) { $0.ranOutOfMemory(paddedTokenCount: batch.paddedTokenCount) }
    } else if failure.code == .unsupportedModel {
      end = failure
    } else {
      do { try ladder.stepDown(from: footing, because: failure) } catch { end = error }
    }
    run.update { run in
      run.plan.putBack(batch)
      run.busyCount -= 1
      if let end { run.failure = run.failure ?? end }
    }
  }

  /// Padded tokens of the next batch on `device`.
  private func tokenBudget(on device: OnnxDevice) -> Int {
    var tokenCount = 0
    budgets.update { budgets in
      let budget = budgets[device] ?? firstBudget(on: device)
      budgets[device] = budget
      tokenCount = budget.tokenCount
    }
    return tokenCount
  }

  private func firstBudget(on device: OnnxDevice) -> BatchBudget {
    // A fixed number of texts is halved too when memory runs out, else it stays.
    if batchSize > 0 { return BatchBudget(.init(start: .max, largest: .max)) }
    // Half a gigabyte where the system does not tell.
    let free = memoryByteCount ?? SystemMemory.freeByteCount() ?? 512 << 20
    return BatchBudget(
      .init(size, isAccelerator: device.isAccelerator, memoryByteCount: free, runsAtOnce: threadCount))
  }

  private func learn(_ device: OnnxDevice, _ lesson: (inout BatchBudget) -> Void) {
    budgets.update { budgets in
      var budget = budgets[device] ?? firstBudget(on: device)
      lesson(&budget)
      budgets[device] = budget
    }
  }
}

/// The encodings of 0..<`count`, on several threads where there are many. Blocks.
func encodeInParallel(
  _ count: Int, threadCount: Int, _ encode: @escaping @Sendable (Int) throws(Failure) -> Encoding
) throws(Failure) -> [Encoding] {
  // Some 20 microseconds a text: for a few, threads cost more than they give.
  let portion = 32
  var encodings: [Encoding] = []
  encodings.reserveCapacity(count)
  try mapInOrder(
    count: (count + portion - 1) / portion, threadCount: count > 2 * portion ? threadCount : 1, costLimit: .max,
    cost: { _ in 1 },
    transform: { number, _ -> Result<[Encoding], Failure> in
      do throws(Failure) {
        var part: [Encoding] = []
        for i in number * portion..<min(count, (number + 1) * portion) { part.append(try encode(i)) }
        return .success(part)
      } catch {
        return .failure(error)
      }
    },
    consume: { (_, part) throws(Failure) in encodings += try part.get() })
  return encodings
}
