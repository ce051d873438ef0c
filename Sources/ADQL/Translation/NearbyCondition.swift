import Glibc

// Conditions of positions that say where rows are looked for.
//
//     1 = CONTAINS(POINT(g.ra, g.dec), CIRCLE(66.7, 16, 0.5))
//     → g.xm_rowid IN (SELECT xm_rowid FROM xm_cone('gaia', 66.7, 16, 0.5))
//
//     DISTANCE(POINT(g.ra, g.dec), POINT(u.ra, u.dec)) < 0.001
//     → the same with a cone a little wider, and the distance itself
//
// The position must be that of a catalogue, and circle or point must not depend on that catalogue. Tables of a match have no cones; where
// the circle is made of numbers they are given bounds on the coordinates.

extension Translator {
  /// A comparison in this form; nil when it is none.
  func nearbyCondition(
    _ sign: String, _ left: Expression, _ right: Expression, _ scope: Scope
  ) throws(Refusal) -> String? {
    for (sign, shape, other) in [(sign, left, right), (Self.mirrored[sign] ?? sign, right, left)] {
      guard case .function(let name, let arguments, false) = shape.kind else { continue }
      if sign == "=", case .number("1") = other.kind, name.means("contains") || name.means("intersects") {
        if let found = try nearby(name, arguments, scope) { return found }
      }
      if sign == "<" || sign == "<=", name.means("distance") {
        if let found = try near(name, arguments, sign, other, scope) { return found }
      }
    }
    return nil
  }

  private static let mirrored = ["<": ">", "<=": ">=", ">": "<", ">=": "<="]

  private func nearby(_ name: Name, _ arguments: [Expression], _ scope: Scope) throws(Refusal) -> String? {
    guard arguments.count == 2 else { return nil }
    let point: Geometry.Point
    let circle: Geometry.Circle
    switch (try Geometry(arguments[0], of: name), try Geometry(arguments[1], of: name)) {
    case (.point(let first), .circle(let second)): (point, circle) = (first, second)
    case (.circle(let first), .point(let second)) where name.means("intersects"): (point, circle) = (second, first)
    default: return nil
    }
    let radius = try value(circle.radius, scope).sql
    if let cone = try cone(point, circle.center, circle.radius, radius, scope) { return cone }
    if let cone = try cone(circle.center, point, circle.radius, radius, scope) { return cone }
    guard let box = try bounds(point, circle, scope) else { return nil }
    return "(\(box) AND \(try inside(point, circle, scope)))"
  }

  private func near(
    _ name: Name, _ arguments: [Expression], _ sign: String, _ limit: Expression, _ scope: Scope
  ) throws(Refusal) -> String? {
    let (a, b) = try distance(name, arguments)
    let radius = try value(limit, scope).sql
    // Wider by more than rounding can matter; SQLite's min is NULL where the limit is.
    let wider = "max(0, min(180, (\(radius)) * 1.000001 + 1e-9))"
    let exact = "\(try geometryValue("DISTANCE", name, arguments, scope).sql) \(sign) \(try operand(limit, scope))"
    for (point, center) in [(a, b), (b, a)] {
      if let cone = try cone(point, center, limit, wider, scope) { return "(\(cone) AND \(exact))" }
    }
    let circle = Geometry.Circle(center: b, radius: limit)
    return try bounds(a, circle, scope).map { "(\($0) AND \(exact))" }
  }

  // MARK: Cones

  private func cone(
    _ point: Geometry.Point, _ center: Geometry.Point, _ radius: Expression, _ radiusSQL: String, _ scope: Scope
  ) throws(Refusal) -> String? {
    guard let (table, position) = try position(point, scope), case .cone(let catalogue) = position.search,
      isFree(center.ra, of: table, scope), isFree(center.dec, of: table, scope), isFree(radius, of: table, scope)
    else { return nil }
    let cone = "xm_cone(\(Self.text(catalogue)), \(try coordinates(center, scope)), \(radiusSQL))"
    return "\(scope.tables[table].sql).\"xm_rowid\" IN (SELECT \"xm_rowid\" FROM \(cone))"
  }

  /// The table of this scope whose position a point is.
  private func position(_ point: Geometry.Point, _ scope: Scope) throws(Refusal) -> (Int, PositionColumns)? {
    guard let ra = try value(point.ra, scope).column, let dec = try value(point.dec, scope).column,
      ra.scope === scope, dec.scope === scope, ra.tables.count == 1, ra.tables == dec.tables
    else { return nil }
    let table = ra.tables[0]
    let positions = scope.tables[table].definition?.positions ?? []
    let found = positions.first { $0.ra == ra.definition.name && $0.dec == dec.definition.name }
    return found.map { (table, $0) }
  }

  /// Whether an expression surely does not depend on a table of the scope.
  private func isFree(_ expression: Expression, of table: Int, _ scope: Scope) -> Bool {
    switch expression.kind {
    case .number, .text, .null: return true
    case .column(let qualifier, let name):
      guard let column = try? scope.column(qualifier, name) else { return false }
      return column.scope !== scope || !column.tables.contains(table)
    case .signed(_, let inner), .cast(let inner, _): return isFree(inner, of: table, scope)
    case .binary(_, let left, let right): return isFree(left, of: table, scope) && isFree(right, of: table, scope)
    case .function(_, let arguments, _): return arguments.allSatisfy { isFree($0, of: table, scope) }
    default: return false
    }
  }

  // MARK: Bounds

  private func bounds(_ point: Geometry.Point, _ circle: Geometry.Circle, _ scope: Scope) throws(Refusal) -> String? {
    guard try position(point, scope) != nil, let ra = Self.number(circle.center.ra),
      let dec = Self.number(circle.center.dec), let radius = Self.number(circle.radius), radius >= 0, radius < 90,
      abs(dec) <= 90, ra.isFinite
    else { return nil }
    let margin = radius * 1.000001 + 1e-9
    let (south, north) = (dec - margin, dec + margin)
    var terms = ["\(try value(point.dec, scope).sql) BETWEEN \(south) AND \(north)"]
    if south > -90, north < 90 {
      // Where the circle touches meridians.
      let half = asin(min(1, sin(margin * .pi / 180) / cos(dec * .pi / 180))) * 180 / .pi * 1.000001 + 1e-9
      // Over 0 or 360 there are two ranges, which say nothing to a table.
      if ra - half >= 0, ra + half <= 360 {
        terms.append("\(try value(point.ra, scope).sql) BETWEEN \(ra - half) AND \(ra + half)")
      }
    }
    return terms.joined(separator: " AND ")
  }

  static func number(_ expression: Expression) -> Double? {
    switch expression.kind {
    case .number(let text): Double(text)
    case .signed(let sign, let inner): number(inner).map { sign == "-" ? -$0 : $0 }
    default: nil
    }
  }
}
