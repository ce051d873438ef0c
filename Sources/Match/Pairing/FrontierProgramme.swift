import Glibc
import Indexing

/// The sum over all matchings by dynamic programme along a frontier, with marginals.
///
/// Steps are those of a `FrontierPlan`. Going forward, T(S) sums over the matchings of what is decided so far that
/// match exactly the nodes S of the frontier; going backward, B(S) sums over the completions. Then Z = T_end, and at each edge
/// P = w Σ T(S) B(S ∪ {p, q}) / Z, at each leaving node P(alone) = α Σ T(S∌p) B(S∖p) / Z: sums of positive terms.
///
/// Going backward needs T before every step. If these tables do not fit in the store, the steps are halved: T is carried to
/// the middle and the second half done first, recursively. Memory: the store plus a table per halving; time: at most
/// one more forward pass per halving. Entries can at most double per step, so they are scaled by a power of two now and then.
struct FrontierProgramme: Sendable {
  /// Steps between scalings: T and B each stay below 2^200 or so, their products and sums are far from overflow.
  private static let stepsPerScaling = 200

  private var store: [Double] = []
  private var backward: [Double] = []
  private var backwardExponent = 0
  private var sum = 1.0
  private var sumExponent = 0

  /// A forward table on its way, with the exponent of its scale.
  private struct Carried {
    var table: [Double]
    var exponent = 0
  }

  /// - Parameter storeEntries: The most forward table entries kept at once; at least one step is always kept.
  mutating func run(
    _ graph: PairingGraph, _ plan: FrontierPlan, storeEntries: Int, into marginals: inout Marginals,
    _ stop: inout StopCheck
  ) throws {
    let size = 1 << plan.width
    backward.ensure(count: size, filler: 0)
    backward[0] = 1
    backwardExponent = 0
    var carried = Carried(table: [Double](repeating: 0, count: size))
    carried.table[0] = 1
    try sweep(0..<plan.operations.count, &carried, graph, plan, storeEntries, &marginals, &stop)
    marginals.logScaledSum = log(sum) + Double(sumExponent) * log(2.0)
  }

  private mutating func sweep(
    _ steps: Range<Int>, _ carried: inout Carried, _ graph: PairingGraph, _ plan: FrontierPlan, _ storeEntries: Int,
    _ marginals: inout Marginals, _ stop: inout StopCheck
  ) throws {
    let entries = steps.reduce(0) { $0 + Self.storedEntries(plan.operations[$1]) }
    if entries <= storeEntries || steps.count == 1 {
      try sweepStored(steps, &carried, graph, plan, &marginals, &stop)
      return
    }
    let middle = steps.lowerBound + steps.count / 2
    var second = carried
    for step in steps.lowerBound..<middle { try Self.advance(&second, step, graph, plan, &stop) }
    try sweep(middle..<steps.upperBound, &second, graph, plan, storeEntries, &marginals, &stop)
    second.table = []
    try sweep(steps.lowerBound..<middle, &carried, graph, plan, storeEntries, &marginals, &stop)
  }

  /// What is stored before a step: nothing if it needs nothing, or shares the table of the step before.
  private static func storedEntries(_ operation: FrontierOperation) -> Int {
    operation.kind == .open || operation.continuesTurn ? 0 : 1 << Int(operation.width)
  }

  /// Forward over all steps, keeping every table; then backward over them.
  private mutating func sweepStored(
    _ steps: Range<Int>, _ carried: inout Carried, _ graph: PairingGraph, _ plan: FrontierPlan,
    _ marginals: inout Marginals, _ stop: inout StopCheck
  ) throws {
    var end = 0
    var places: [(offset: Int, exponent: Int)] = []
    places.reserveCapacity(steps.count)
    for step in steps {
      let operation = plan.operations[step]
      if operation.continuesTurn, let shared = places.last {
        places.append(shared)
      } else {
        places.append((end, carried.exponent))
        end += keep(carried, operation, at: end)
      }
      try Self.advance(&carried, step, graph, plan, &stop)
    }
    if steps.upperBound == plan.operations.count { (sum, sumExponent) = (carried.table[0], carried.exponent) }
    for (step, place) in zip(steps, places).reversed() {
      try stop.after(steps: 1 << Int(plan.operations[step].width))
      retreat(step, storeOffset: place.offset, exponent: place.exponent, graph, plan, &marginals)
    }
  }

  /// Copies a forward table into the store.
  ///
  /// - Returns: The number of entries.
  private mutating func keep(_ carried: Carried, _ operation: FrontierOperation, at offset: Int) -> Int {
    let count = operation.kind == .open ? 0 : 1 << Int(operation.width)
    store.ensure(count: offset + count, filler: 0)
    store.withUnsafeMutableBufferPointer { store in
      carried.table.withUnsafeBufferPointer { table in
        for state in 0..<count { store[offset + state] = table[state] }
      }
    }
    return count
  }

  private static func advance(
    _ carried: inout Carried, _ step: Int, _ graph: PairingGraph, _ plan: FrontierPlan, _ stop: inout StopCheck
  ) throws {
    let operation = plan.operations[step]
    let width = Int(operation.width)
    try stop.after(steps: 1 << width)
    carried.table.withUnsafeMutableBufferPointer { buffer in
      guard let table = buffer.baseAddress else { return }
      switch operation.kind {
      case .open: FrontierKernels.open(table, width: width)
      case .join: FrontierKernels.join(table, operation, weight: graph.weight[Int(operation.subject)])
      case .close: FrontierKernels.close(table, operation, alone: graph.aloneWeight[Int(operation.subject)])
      }
      if step % stepsPerScaling == stepsPerScaling - 1 {
        carried.exponent += FrontierKernels.normalise(table, width: width + widthChange(operation))
      }
    }
  }

  private static func widthChange(_ operation: FrontierOperation) -> Int {
    switch operation.kind {
    case .open: 1
    case .join: 0
    case .close: -1
    }
  }

  private mutating func retreat(
    _ step: Int, storeOffset: Int, exponent: Int, _ graph: PairingGraph, _ plan: FrontierPlan,
    _ marginals: inout Marginals
  ) {
    let operation = plan.operations[step]
    let subject = Int(operation.subject)
    let scale = Double(sign: .plus, exponent: exponent + backwardExponent - sumExponent, significand: 1) / sum
    store.withUnsafeMutableBufferPointer { store in
      backward.withUnsafeMutableBufferPointer { buffer in
        guard let table = buffer.baseAddress else { return }
        switch operation.kind {
        case .open: break
        case .join:
          guard let forward = store.baseAddress else { return }
          let weight = graph.weight[subject]
          let together = FrontierKernels.joinBackward(forward + storeOffset, table, operation, weight: weight)
          marginals.pair[subject] = weight * (together * scale)
        case .close:
          guard let forward = store.baseAddress else { return }
          let alone = graph.aloneWeight[subject]
          let lone = FrontierKernels.closeBackward(forward + storeOffset, table, operation, alone: alone)
          marginals.alone[subject] = alone * (lone * scale)
        }
        if step % Self.stepsPerScaling == 0 {
          backwardExponent += FrontierKernels.normalise(table, width: Int(operation.width))
        }
      }
    }
  }
}
