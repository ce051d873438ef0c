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
  /// In the order of their first forward pair.
  private(set) var meetings: [Meeting] = []

  init(real: IslandField, islands: Islands, forward: IslandField, backward: IslandField, isCounted: [Bool]) {
    self.real = real
    self.islands = islands
    self.forward = forward
    self.backward = backward
    self.isCounted = isCounted
    var position: [SIMD2<Int32>: Int] = [:]
    for edge in 0..<forward.edges.count where isCounted[forward.sources(ofEdge: edge).a] {
      let (i, j) = forward.sources(ofEdge: edge)
      let key = SIMD2(islands.islandOfA[i], islands.islandOfB[j])
      if position[key] == nil {
        position[key] = meetings.count
        meetings.append(Meeting(fixed: Int(key.x), shifted: Int(key.y)))
      }
    }
    for edge in 0..<forward.edges.count {
      let (i, j) = forward.sources(ofEdge: edge)
      if let place = position[SIMD2(islands.islandOfA[i], islands.islandOfB[j])] {
        meetings[place].forward.append(edge)
      }
    }
    for edge in 0..<backward.edges.count {
      let (i, j) = backward.sources(ofEdge: edge)
      if let place = position[SIMD2(islands.islandOfB[j], islands.islandOfA[i])] {
        meetings[place].backward.append(edge)
      }
    }
  }
}

/// Solves two islands that meet as one.
struct JointIslandSolver {
  private var solver = IslandSolver(limits: limits)
  private var problem = IslandProblem()
  private var photometric = IslandSolution()
  private var positional = IslandSolution()

  /// A large island meets hundreds of others and is solved with each: what takes longer than a millisecond or so is left
  /// to belief propagation.
  private static var limits: IslandSolver.Limits {
    var limits = IslandSolver.Limits()
    limits.frontierWork = 2e5
    return limits
  }

  /// Calls `answer` with every forward pair of a meeting and its probability with and without photometry.
  mutating func solve(
    _ meeting: JointIslands.Meeting, _ sky: JointIslands, _ answer: (Int, _ photometric: Double, Double) -> Void
  ) {
    let hasPhotometry = state(meeting, sky, withPhotometry: false)
    solver.solve(problem, into: &positional)
    if hasPhotometry {
      state(meeting, sky, withPhotometry: true)
      solver.solve(problem, into: &photometric)
    } else {
      photometric = positional
    }
    // The forward pairs were added first.
    for (position, edge) in meeting.forward.enumerated() {
      answer(edge, photometric.pairProbability[position], positional.pairProbability[position])
    }
  }

  /// Writes both islands as one problem: first the sources of the sky, then those of the copy. Returns whether magnitudes
  /// have something to say.
  @discardableResult
  private mutating func state(_ meeting: JointIslands.Meeting, _ sky: JointIslands, withPhotometry: Bool) -> Bool {
    let islands = sky.islands
    let rows = Int32(islands.membersA(of: meeting.fixed).count)
    let columns = Int32(islands.membersB(of: meeting.fixed).count)
    problem.reset(
      aCount: Int(rows) + islands.membersA(of: meeting.shifted).count,
      bCount: Int(columns) + islands.membersB(of: meeting.shifted).count)
    var hasPhotometry = false
    func add(
      _ field: IslandField, _ edge: Int, _ firstRow: Int32, _ firstColumn: Int32, to problem: inout IslandProblem
    ) {
      let ((i, j), evidence) = (field.sources(ofEdge: edge), field.evidence(ofEdge: edge))
      if evidence.photometricRatio != 0 { hasPhotometry = true }
      problem.add(
        row: firstRow + islands.row(ofA: i), column: firstColumn + islands.column(ofB: j),
        logRatio: evidence.positionRatio + (withPhotometry ? evidence.photometricRatio : 0))
    }
    for edge in meeting.forward { add(sky.forward, edge, 0, columns, to: &problem) }
    for edge in meeting.backward { add(sky.backward, edge, rows, 0, to: &problem) }
    for edge in islands.edges(of: meeting.fixed) { add(sky.real, Int(edge), 0, 0, to: &problem) }
    for edge in islands.edges(of: meeting.shifted) { add(sky.real, Int(edge), rows, columns, to: &problem) }
    return hasPhotometry
  }
}
