import CatalogStore
import Indexing
import Match

/// Any likelihoods of the caller's own: the probabilities of pairs that compete with one another.
enum PairingFunction {
  static let definition = AggregateFunction(
    "xm_pairing", in: .matching,
    parameters: [
      .identifier("a", "a source of the first catalogue"), .identifier("b", "a source of the second"),
      .log10("log10_ratio", "log10 of the likelihood ratio R of the pair"),
    ],
    summary: """
      The probabilities of candidate pairs with likelihoods of your own, as a JSON array of objects `a`, `b`, `pair_p`, \
      `matched`: each source has at most one counterpart, and all ways to assign them are summed. A group must hold whole \
      islands (`GROUP BY island`); each pair comes once. Take the rows apart with `json_each`. `xm_what_if` is quicker \
      where it can ask the question.
      """,
    example: """
      SELECT round(json_extract(xm_pairing(a, b, r), '$[0].pair_p'), 6)
      FROM (SELECT 1 AS a, 'x' AS b, 1.92118663 AS r UNION ALL SELECT 1, 'y', 1.26974519)
      """,
    answer: "0.809638"
  ) { CandidateGroup() }
}

/// The pairs of one group.
private final class CandidateGroup: Aggregate {
  private var sourcesA = Sources()
  private var sourcesB = Sources()
  private var a: [Int32] = []
  private var b: [Int32] = []
  private var logRatios: [Double] = []
  private var known: Set<SIMD2<Int32>> = []

  /// Pairs in one group: their answer must fit into a text of SQLite.
  private static let largest = 10_000_000

  func add(_ arguments: borrowing FunctionArguments) throws {
    guard a.count < Self.largest else {
      throw SQLFunctionError(
        "a group has more than \(Self.largest) pairs; expected islands, for example GROUP BY island")
    }
    let (first, second) = (try arguments.identifier(0), try arguments.identifier(1))
    let log10Ratio = try arguments.real(2)
    let pair = SIMD2(sourcesA.number(of: first), sourcesB.number(of: second))
    guard known.insert(pair).inserted else {
      throw SQLFunctionError(
        "the pair (\(first.inMessage), \(second.inMessage)) comes twice in a group; expected each pair once, "
          + "for example GROUP BY island")
    }
    a.append(pair.x)
    b.append(pair.y)
    logRatios.append(log10Ratio * LikelihoodChoice.ln10)
  }

  func result(stop: inout StopCheck) throws -> SQLValue {
    let islands = try Islands.components(
      aCount: sourcesA.ids.count, bCount: sourcesB.ids.count, edgesA: a, edgesB: b, stop: &stop)
    var pairing = IslandPairing()
    var items = [String](repeating: "", count: a.count)
    for island in 0..<islands.count {
      let edges = islands.edges(of: island)
      let answer = try pairing.solve(
        edges.map { IslandPairing.Pair(a: Int64(a[Int($0)]), b: Int64(b[Int($0)]), logRatio: logRatios[Int($0)]) },
        stop: &stop)
      for (position, edge) in edges.enumerated() { items[Int(edge)] = item(Int(edge), answer, position) }
    }
    return .text("[" + items.joined(separator: ",") + "]")
  }

  private func item(_ edge: Int, _ answer: IslandPairing.Answer, _ position: Int) -> String {
    let (first, second) = (sourcesA.ids[Int(a[edge])], sourcesB.ids[Int(b[edge])])
    return "{\"a\":\(first.inJSON),\"b\":\(second.inJSON),\"pair_p\":\(answer.probability[position]),"
      + "\"matched\":\(answer.isMatched[position] ? 1 : 0)}"
  }

  /// Consecutive numbers for identifiers, in the order in which they came.
  private struct Sources {
    private(set) var ids: [SQLValue] = []
    private var numbers: [SQLValue: Int32] = [:]

    mutating func number(of id: SQLValue) -> Int32 {
      if let number = numbers[id] { return number }
      let number = Int32(ids.count)
      numbers[id] = number
      ids.append(id)
      return number
    }
  }
}

extension SQLValue {
  /// An identifier in JSON.
  fileprivate var inJSON: String {
    switch self {
    case .integer(let value): String(value)
    case .text(let text): JSONText.string(text)
    case .null, .real, .blob: "null"
    }
  }
}
