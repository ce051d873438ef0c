internal import Indexing
internal import Match

/// Islands of the sky and of its shifted copy that meet: where a source of a and a shifted source of b form a pair.
struct JointIslands {
  /// One island of the sky and one of the shifted copy, with the pairs between them.
  struct Meeting {
    let fixed: Int
    let shifted: Int
    /// Pairs of a in the sky with shifted b: edges of `forward`.
    var forward: [Int] = []
    /// Pairs of shifted a with b in the sky: edges of `backward`.
    var backward: [Int] = []
  }

  /// The sky as it is; the shifted copy has the same pairs.
  let real: IslandField
  let islands: Islands
  let forward: IslandField
  let backward: IslandField
  /// By source of a: whether its chance pairs are wanted.
  let isCounted: [Bool]
  /// The pairs of the sky by source.
  let edgesBySource: EdgesBySource
  /// In the order of their first forward pair.
  private(set) var meetings: [Meeting] = []

  init(
    real: IslandField, islands: Islands, edgesBySource: EdgesBySource, forward: IslandField, backward: IslandField,
    isCounted: [Bool], stop: inout StopCheck
  ) throws {
    self.real = real
    self.edgesBySource = edgesBySource
    self.islands = islands
    self.forward = forward
    self.backward = backward
    self.isCounted = isCounted
    var position: [SIMD2<Int32>: Int] = [:]
    for edge in 0..<forward.edges.count where isCounted[forward.sources(ofEdge: edge).a] {
      try stop.after(steps: 4)
      let (i, j) = forward.sources(ofEdge: edge)
      let key = SIMD2(islands.islandOfA[i], islands.islandOfB[j])
      if position[key] == nil {
        position[key] = meetings.count
        meetings.append(Meeting(fixed: Int(key.x), shifted: Int(key.y)))
      }
    }
    for edge in 0..<forward.edges.count {
      try stop.after(steps: 2)
      let (i, j) = forward.sources(ofEdge: edge)
      if let place = position[SIMD2(islands.islandOfA[i], islands.islandOfB[j])] {
        meetings[place].forward.append(edge)
      }
    }
    for edge in 0..<backward.edges.count {
      try stop.after(steps: 2)
      let (i, j) = backward.sources(ofEdge: edge)
      if let place = position[SIMD2(islands.islandOfB[j], islands.islandOfA[i])] {
        meetings[place].backward.append(edge)
      }
    }
  }

  /// The number of sources of an island.
  func size(of island: Int) -> Int { islands.membersA(of: island).count + islands.membersB(of: island).count }

  /// More edges than these are mostly left to belief propagation, which hears each some dozens of times.
  private static let fewEdges = 40

  /// About what it takes to solve a meeting, in steps of some nanoseconds.
  func cost(of meeting: Meeting) -> Int {
    func edges(_ island: Int) -> Int {
      let all = islands.edges(of: island).count
      return size(of: island) <= IslandNeighbourhood.mostSources ? all : min(all, IslandNeighbourhood.mostEdges)
    }
    let sum = edges(meeting.fixed) + edges(meeting.shifted) + meeting.forward.count + meeting.backward.count
    return 200 + (sum <= Self.fewEdges ? 20 : 300) * sum
  }

  /// The meetings to be solved, and how many each stands for: all, unless they would take more than `limit` steps; then one in
  /// so many, by the first of its pairs.
  func sample(limit: Int) -> (meetings: [Meeting], weight: Int64) {
    let total = meetings.reduce(0) { $0 + cost(of: $1) }
    if total <= limit { return (meetings, 1) }
    let weight = min(1 << 20, (total + limit - 1) / limit)
    let chosen = meetings.filter { meeting in
      let (i, j) = forward.sources(ofEdge: meeting.forward[0])
      return Self.hash(forward.a.columns.rowid[i], forward.b.columns.rowid[j]) % UInt64(weight) == 0
    }
    return (chosen, Int64(weight))
  }

  /// Mixes two rowids, so that what is chosen has nothing to do with where it is.
  private static func hash(_ a: Int64, _ b: Int64) -> UInt64 {
    var value = UInt64(bitPattern: a) &* 0x9e37_79b9_7f4a_7c15 ^ UInt64(bitPattern: b)
    for _ in 0..<2 {
      value ^= value >> 31
      value = value &* 0xbf58_476d_1ce4_e5b9
    }
    return value ^ value >> 29
  }
}

/// Solves two islands that meet as one.
struct JointIslandSolver {
  private var solver = IslandSolver(limits: limits)
  private var problem = IslandProblem()
  private var photometric = IslandSolution()
  private var positional = IslandSolution()
  private var fixed = IslandNeighbourhood()
  private var shifted = IslandNeighbourhood()

  /// A large island meets hundreds of others and is solved with each: what takes longer than a millisecond or so is left
  /// to belief propagation.
  private static var limits: IslandSolver.Limits {
    var limits = IslandSolver.Limits()
    limits.frontierWork = 2e5
    return limits
  }

  /// Calls `answer` with every forward pair of a meeting and its probability with and without photometry.
  mutating func solve(
    _ meeting: JointIslands.Meeting, _ sky: JointIslands, _ stop: inout StopCheck,
    _ answer: (Int, _ photometric: Double, Double) -> Void
  ) throws {
    takeNeighbourhoods(meeting, sky)
    let hasPhotometry = state(meeting, sky, withPhotometry: false)
    try solver.solve(problem, into: &positional, stop: &stop)
    if hasPhotometry {
      state(meeting, sky, withPhotometry: true)
      try solver.solve(problem, into: &photometric, stop: &stop)
    } else {
      photometric = positional
    }
    // The forward pairs were added first.
    for (position, edge) in meeting.forward.enumerated() {
      answer(edge, photometric.pairProbability[position], positional.pairProbability[position])
    }
  }

  private mutating func takeNeighbourhoods(_ meeting: JointIslands.Meeting, _ sky: JointIslands) {
    func take(_ island: Int, _ part: inout IslandNeighbourhood, a: () -> [Int32], b: () -> [Int32]) {
      if sky.size(of: island) <= IslandNeighbourhood.mostSources {
        part.take(island, of: sky.islands)
      } else {
        part.take(aroundA: Array(Set(a())).sorted(), b: Array(Set(b())).sorted(), sky.edgesBySource)
      }
    }
    func ends(_ pairs: [Int], _ field: IslandField, ofA: Bool) -> [Int32] {
      pairs.map { Int32(ofA ? field.sources(ofEdge: $0).a : field.sources(ofEdge: $0).b) }
    }
    take(
      meeting.fixed, &fixed, a: { ends(meeting.forward, sky.forward, ofA: true) },
      b: { ends(meeting.backward, sky.backward, ofA: false) })
    take(
      meeting.shifted, &shifted, a: { ends(meeting.backward, sky.backward, ofA: true) },
      b: { ends(meeting.forward, sky.forward, ofA: false) })
  }

  /// Writes both islands as one problem: first the sources of the sky, then those of the copy. Returns whether magnitudes
  /// have something to say.
  @discardableResult
  private mutating func state(_ meeting: JointIslands.Meeting, _ sky: JointIslands, withPhotometry: Bool) -> Bool {
    let (fixed, shifted) = (fixed, shifted)
    problem.reset(
      aCount: fixed.membersA.count + shifted.membersA.count, bCount: fixed.membersB.count + shifted.membersB.count)
    let (rows, columns) = (Int32(fixed.membersA.count), Int32(fixed.membersB.count))
    var hasPhotometry = false
    func add(
      _ field: IslandField, _ edge: Int, _ a: IslandNeighbourhood, _ firstRow: Int32, _ b: IslandNeighbourhood,
      _ firstColumn: Int32, to problem: inout IslandProblem
    ) {
      let ((i, j), evidence) = (field.sources(ofEdge: edge), field.evidence(ofEdge: edge))
      guard let row = a.row(ofA: i), let column = b.column(ofB: j) else { return }
      if evidence.photometricRatio != 0 { hasPhotometry = true }
      problem.add(
        row: firstRow + row, column: firstColumn + column,
        logRatio: evidence.positionRatio + (withPhotometry ? evidence.photometricRatio : 0))
    }
    for edge in meeting.forward { add(sky.forward, edge, fixed, 0, shifted, columns, to: &problem) }
    for edge in meeting.backward { add(sky.backward, edge, shifted, rows, fixed, 0, to: &problem) }
    for edge in fixed.edges { add(sky.real, Int(edge), fixed, 0, fixed, 0, to: &problem) }
    for edge in shifted.edges { add(sky.real, Int(edge), shifted, rows, shifted, columns, to: &problem) }
    return hasPhotometry
  }
}
