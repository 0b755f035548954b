namespace Dayu.Templates;

/// <summary>What <c>cycler(…)</c> makes: gives its values in turn, and begins again after the last.</summary>
sealed class Cycler(IReadOnlyList<Value> values) : Value
{
    static readonly Dictionary<string, Builtin> methods = Builtin.Table(
        new("next", "", (_, self) => ((Cycler)self).Next()),
        new("reset", "", (_, self) => ((Cycler)self).Reset()));

    int at;

    public override string Type => "Cycler";
    public override void Show(TextBuilder to) => to.Append("<Cycler>");
    public override bool Equals(Value? other) => ReferenceEquals(this, other);
    public override int GetHashCode() => 5;

    public override Value? Attribute(string name) => name == "current" ? values[at] : methods.GetValueOrDefault(name)?.Bind(this);

    public static Cycler Of(IReadOnlyList<Value> values) =>
        values.Count > 0 ? new(values) : throw new TemplateException("cycler() needs at least one value");

    Value Next()
    {
        var value = values[at];
        at = (at + 1) % values.Count;
        return value;
    }

    NoneValue Reset()
    {
        at = 0;
        return NoneValue.None;
    }
}
