import CatalogStore
import Delivery

/// What `xmdb import-results` found, for people and programs.
struct ResultReport {
  let outcome: ResultImport.Outcome
  /// The names of the catalogues, where they were given.
  let a, b: String?
  let tolerance: Double

  // MARK: Text

  var lines: [String] {
    var lines = self.lines(outcome.check)
    if let (check, comparison) = outcome.other {
      lines += self.lines(check)
      lines += self.lines(comparison, check)
    }
    return lines
  }

  private func lines(_ check: ResultCheck) -> [String] {
    let alone =
      check.hasAlone || check.aloneA + check.aloneB > 0
      ? ", sources alone: \(Format.count(check.aloneA)) of \(a ?? "a"), \(Format.count(check.aloneB)) of \(b ?? "b")"
      : ""
    let halos =
      check.leftOut > 0
      ? ["  \(Format.count(check.leftOut, "row")) of halos left out: another chunk has them as its own."] : []
    return ["\(check.name): \(Format.count(check.pairs, "pair"))\(alone)."] + halos
      + [(a ?? "a", check.a), (b ?? "b", check.b)].map { "  \($0): \(text($1))." }
  }

  private func text(_ sources: ResultCheck.Sources) -> String {
    let seen = Format.count(sources.seen, "source")
    func part(_ count: Int64?, _ what: String, _ examples: [String]) -> String? {
      count.map { $0 == 0 ? "none \(what)" : "\(Format.count($0)) \(what) (\(list(examples, $0)))" }
    }
    let parts = [
      part(sources.repeated, "more than once", sources.examples.repeated),
      part(sources.lost, "lost", sources.examples.lost), part(sources.unknown, "unknown", sources.examples.unknown),
    ]
    return ([seen] + parts.compactMap(\.self)).joined(separator: ", ")
  }

  private func list(_ examples: [String], _ count: Int64) -> String {
    examples.joined(separator: "; ") + (count > Int64(examples.count) ? "; …" : "")
  }

  private func lines(_ comparison: ResultComparison, _ other: ResultCheck) -> [String] {
    let (one, two) = (outcome.check.name, other.name)
    func only(_ count: Int64, _ name: String, _ examples: [String]) -> String {
      "\(Format.count(count)) in \(name) only" + (count == 0 ? "" : " (\(list(examples, count)))")
    }
    var lines = [
      "\(one) and \(two): \(Format.count(comparison.both, "pair")) in both, "
        + only(comparison.onlyFirst, one, comparison.examples.first) + ", "
        + only(comparison.onlySecond, two, comparison.examples.second) + ".",
      "  With another partner: \(Format.count(comparison.changedA)) of \(a ?? "a"), \(Format.count(comparison.changedB)) of \(b ?? "b").",
    ]
    if let alone = comparison.aloneDiffers {
      lines.append("  Alone in one of them only: \(Format.count(alone, "source")).")
    }
    lines += probabilities(comparison)
    lines.append(comparison.isSame ? "The sets are the same." : "The sets differ.")
    return lines
  }

  private func probabilities(_ comparison: ResultComparison) -> [String] {
    guard let name = comparison.probability, let largest = comparison.all.largest else {
      return ["  Probabilities are not compared: the sets have none in common."]
    }
    var table = TextTable([
      ("flag", .left), ("pairs", .right), ("mean |ΔP|", .right), ("largest", .right),
      ("above \(Format.short(tolerance))", .right),
    ])
    for (flag, found) in [("any or none", comparison.all)] + comparison.byFlag {
      table.add([
        flag, Format.count(found.pairs), found.mean.map(Format.short) ?? "", found.largest.map(Format.short) ?? "",
        Format.count(found.above),
      ])
    }
    let worst = comparison.worst.map { " (\($0.a) \($0.b): \($0.first) and \($0.second))" } ?? ""
    return ["  \(name) differs by up to \(Format.short(largest))\(worst)."] + table.lines.map { "  " + $0 }
  }

  // MARK: JSON

  var json: JSONValue {
    var members: [(String, JSONValue)] = [("same", .bool(outcome.isSame)), ("set", json(outcome.check))]
    if let (check, comparison) = outcome.other {
      members += [("against", json(check)), ("comparison", json(comparison))]
    }
    return .object(members)
  }

  private func json(_ check: ResultCheck) -> JSONValue {
    .object([
      ("name", .text(check.name)), ("pairs", .integer(check.pairs)), ("alone_a", .integer(check.aloneA)),
      ("alone_b", .integer(check.aloneB)), ("rows_of_halos", .integer(check.leftOut)), ("a", json(check.a)),
      ("b", json(check.b)),
    ])
  }

  private func json(_ sources: ResultCheck.Sources) -> JSONValue {
    .object([
      ("sources", .integer(sources.seen)), ("repeated", .integer(sources.repeated)), ("lost", .integer(sources.lost)),
      ("unknown", .integer(sources.unknown)), ("examples_repeated", texts(sources.examples.repeated)),
      ("examples_lost", texts(sources.examples.lost)), ("examples_unknown", texts(sources.examples.unknown)),
    ])
  }

  private func texts(_ list: [String]) -> JSONValue { .list(list.map { .text($0) }) }

  private func json(_ comparison: ResultComparison) -> JSONValue {
    .object([
      ("both", .integer(comparison.both)), ("only_set", .integer(comparison.onlyFirst)),
      ("only_against", .integer(comparison.onlySecond)), ("changed_a", .integer(comparison.changedA)),
      ("changed_b", .integer(comparison.changedB)), ("alone_in_one", .integer(comparison.aloneDiffers)),
      ("probability", .text(comparison.probability)), ("tolerance", .real(tolerance)),
      ("difference", json(comparison.all)),
      ("by_flag", .object(comparison.byFlag.map { ($0.name, json($0.difference)) })),
    ])
  }

  private func json(_ difference: ResultComparison.Difference) -> JSONValue {
    .object([
      ("pairs", .integer(difference.pairs)), ("mean", .real(difference.mean)), ("largest", .real(difference.largest)),
      ("above", .integer(difference.above)),
    ])
  }
}
