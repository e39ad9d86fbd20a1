import Disk
import Indexing
import Testing

private func spare(_ cores: Double) -> LoadSample { stalled(spare: cores) }

private func stalled(
  processor: Double? = nil, disk: Double? = nil, memory: Double? = nil, load: Double? = nil, spare: Double? = nil
) -> LoadSample {
  var sample = LoadSample()
  (sample.processorStall, sample.diskStall, sample.memoryStall) = (processor, disk, memory)
  (sample.averageLoad, sample.spareCoreCount) = (load, spare)
  return sample
}

@Suite struct LoadPolicyTests {
  /// What is allowed after each of the samples.
  func counts(_ threadCount: Int, _ samples: [LoadSample], isOnBattery: Bool = false) -> [Int] {
    var policy = LoadPolicy(threadCount: threadCount)
    return samples.map { sample in
      policy.take(sample, isOnBattery: isOnBattery)
      return policy.allowedCount
    }
  }

  @Test(arguments: [
    (8, 8.0, 8), (8, 7.6, 8), (8, 7.4, 7), (8, 4.2, 4), (8, 0.3, 1), (8, 0, 1), (8, 64, 8), (2, 2, 2), (2, 1.4, 1),
    (1, 0, 1), (0, 4, 1),
  ])
  func `one sample is enough to have fewer threads at work, but never none`(
    _ threadCount: Int, _ coreCount: Double, _ expected: Int
  ) {
    #expect(counts(threadCount, [spare(coreCount)]) == [expected])
  }

  @Test func `more work again only after a second of rest, and no more than twice as many at a time`() {
    let rest = [LoadSample](repeating: spare(8), count: 12)
    #expect(counts(8, [spare(1)] + rest) == [1, 1, 1, 1, 2, 2, 2, 2, 4, 4, 4, 4, 8])
  }

  @Test func `rest that is broken off begins anew, and the least of it counts`() {
    let broken = [0, 8, 8, 8, 0, 8, 8, 8, 8].map { spare($0) }
    #expect(counts(8, broken) == [1, 1, 1, 1, 1, 1, 1, 1, 2])
    let uneven = [2, 8, 3, 8, 8].map { spare($0) }
    #expect(counts(8, uneven) == [2, 2, 2, 2, 3])
  }

  @Test func `a load that wavers about a bound takes threads away at once and gives them back late`() {
    let wavering = (0..<40).map { spare($0 % 2 == 0 ? 1.4 : 2) }
    #expect(counts(2, wavering).allSatisfy { $0 == 1 })
  }

  @Test(arguments: [
    // A stall of the processor counts only where the times of others are not known.
    (stalled(processor: 1, spare: 8), 8), (stalled(processor: 0.5), 7), (stalled(processor: 0.2), 8),
    (stalled(load: 20), 1), (stalled(load: 8), 8), (stalled(load: 10.5), 6), (stalled(), 8),
    // Of the others, whatever is known besides.
    (stalled(disk: 0.9, spare: 8), 4), (stalled(disk: 0.5, spare: 8), 8), (stalled(disk: 0.9, spare: 2), 2),
    (stalled(memory: 0.2, spare: 8), 1), (stalled(memory: 0.05, spare: 8), 8),
  ])
  func `stalls and the average load count as far as nothing better is known`(_ sample: LoadSample, _ expected: Int) {
    #expect(counts(8, [sample]) == [expected])
  }

  @Test func `stalls alone take one thread after the other`() {
    let samples = [LoadSample](repeating: stalled(processor: 0.9), count: 4)
    #expect(counts(3, samples) == [2, 1, 1, 1])
  }

  @Test func `a run that others leave nothing starves after three seconds, until half a core is to be had`() {
    var policy = LoadPolicy(threadCount: 2)
    func take(spare: Double?, own: Double) -> Bool {
      var sample = LoadSample()
      (sample.spareCoreCount, sample.ownCoreCount) = (spare, own)
      policy.take(sample)
      return policy.isStarved
    }
    for _ in 1..<LoadPolicy.starvedSampleCount { #expect(!take(spare: 0.1, own: 0.01)) }
    #expect(!take(spare: 0.1, own: 0.2))
    for _ in 1..<LoadPolicy.starvedSampleCount { #expect(!take(spare: nil, own: 0)) }
    #expect(take(spare: 0, own: 0) && take(spare: 0.3, own: 0.3))
    #expect(!take(spare: 0.5, own: 0.3))
  }

  @Test func `on battery one thread works`() {
    #expect(counts(8, [spare(8), LoadSample()], isOnBattery: true) == [1, 1])
  }
}
