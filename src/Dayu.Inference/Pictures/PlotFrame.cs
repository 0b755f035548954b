namespace Dayu.Inference;

/// <summary>One frame of curves: its grid, its ticks, its lines.</summary>
/// <param name="sheet">Where it is drawn.</param>
/// <param name="left">Points.</param>
/// <param name="top">Points.</param>
/// <param name="width">Points.</param>
/// <param name="height">Points.</param>
sealed class PlotFrame(Sheet sheet, double left, double top, double width, double height)
{
    const double Size = 10.5, Column = 0.5;                          // points of a column: a pixel of the finer pictures
    static readonly Color ground = new(0xF6, 0xF8, 0xFA);

    /// <summary>Draws a panel.</summary>
    /// <param name="panel">What is in it.</param>
    /// <param name="x">Range from left to right.</param>
    /// <param name="across">Scale from left to right.</param>
    public void Draw(CurvePanel panel, (double Low, double High) x, AxisScale across)
    {
        var y = panel.Range;
        sheet.Shapes.Add(new Box(left, top, width, height, ground));
        foreach (var (at, text) in Ticks.Of(y.Low, y.High, panel.Scale, (int)Math.Max(2, height / 45)))
        {
            var v = Up(panel.Scale.Share(at, y.Low, y.High));
            sheet.Shapes.Add(new Stroke(left, v, left + width, v, 0.7, Color.Line));
            sheet.Shapes.Add(new Label(left - 7, v + 4, text, Size, Color.Faint, Anchor.End));
        }
        foreach (var (at, text) in Ticks.Of(x.Low, x.High, across, (int)Math.Max(2, width / 90)))
        {
            var h = left + width * across.Share(at, x.Low, x.High);
            sheet.Shapes.Add(new Stroke(h, top, h, top + height, 0.7, Color.Line));
            sheet.Shapes.Add(new Label(h, top + height + 15, text, Size, Color.Faint, Anchor.Middle));
        }
        foreach (var curve in panel.Curves.OrderBy(c => c.Form)) Draw(curve, panel.Scale, x, across, y);
    }

    void Draw(Curve curve, AxisScale scale, (double Low, double High) x, AxisScale across, (double Low, double High) y)
    {
        var points = Decimation.Of(curve.X.Zip(curve.Y, OnSheet).Where(p => !double.IsNaN(p.X)), Column);
        var (color, thickness) = curve.Pen;
        for (var first = 0; first < points.Count; first++)
        {
            if (double.IsNaN(points[first].Y)) continue;
            var end = first;
            while (end < points.Count && !double.IsNaN(points[end].Y)) end++;
            if (end - first > 1) sheet.Shapes.Add(new Polyline(points[first..end], thickness, color));
            else if (curve.Form != CurveForm.Dots) sheet.Shapes.Add(new Disc(points[first].X, points[first].Y, thickness, color));
            first = end;
        }
        if (curve.Form != CurveForm.Dots) return;
        var says = curve.Name.Length > 0 ? curve.Name + ": " : "";
        var radius = curve.X.Length > width / 8 ? 1.6 : 3;           // so many stand close
        for (var i = 0; i < curve.X.Length; i++)
            if (OnSheet(curve.X[i], curve.Y[i]) is { X: not double.NaN, Y: not double.NaN } p)
                sheet.Shapes.Add(new Disc(p.X, p.Y, radius, color, $"{says}{curve.X[i]:G9}: {curve.Y[i]:G6}"));

        (double X, double Y) OnSheet(double h, double v) =>
            (left + width * across.Share(h, x.Low, x.High), double.IsFinite(v) ? Up(scale.Share(v, y.Low, y.High)) : double.NaN);
    }

    double Up(double share) => top + height * (1 - share);
}
