using System.Numerics;

namespace Dayu.Templates;

/// <summary>
/// A value inside a template, with Python's meaning: what is true, what equals what, what <c>str()</c> writes.
/// Each member's default is what most types say; null means "this type has no such thing".
/// </summary>
abstract class Value : IEquatable<Value>
{
    /// <summary>Python's name of the type, for messages.</summary>
    public abstract string Type { get; }

    public virtual bool Truth => true;

    /// <summary><c>len(value)</c>.</summary>
    public virtual int? Length => null;

    /// <summary>
    /// About how much there is to compare, hash or copy: parts and text, counted as often as they occur.
    /// </summary>
    public virtual long Weight => 1;

    /// <summary>
    /// How deep lists and dicts stand in each other here; bounded where they are made, so that walking one never
    /// overflows the stack.
    /// </summary>
    public virtual int Depth => 0;

    /// <summary>What iterating gives.</summary>
    public virtual IEnumerable<Value>? Items => null;

    /// <summary><c>value[key]</c>, without falling back on attributes.</summary>
    public virtual Value? Item(Value key) => null;

    /// <summary>Python's own attributes and methods: <c>value.name</c>, without falling back on items.</summary>
    public virtual Value? Attribute(string name) => null;

    /// <summary>Writes <c>repr(value)</c>.</summary>
    public abstract void Show(TextBuilder to);

    public abstract bool Equals(Value? other);
    public override bool Equals(object? obj) => Equals(obj as Value);
    public override int GetHashCode() => throw new TemplateException($"unhashable type: a {Type} cannot be a key");

    public static implicit operator Value(AuthoredText text) => new TextValue(text);
    public static implicit operator Value(bool value) => value ? BoolValue.True : BoolValue.False;
    public static implicit operator Value(BigInteger value) => new IntValue(value);
    public static implicit operator Value(int value) => new IntValue(value);
    public static implicit operator Value(double value) => new FloatValue(value);
}

/// <summary>Python's None.</summary>
sealed class NoneValue : Value
{
    public static readonly NoneValue None = new();
    public override string Type => "NoneType";
    public override bool Truth => false;
    public override void Show(TextBuilder to) => to.Append("None");
    public override bool Equals(Value? other) => other is NoneValue;
    public override int GetHashCode() => 0;
}

/// <summary>
/// What a missing name, key or attribute gives: empty when printed or looped over, an error (its
/// <paramref name="reason"/>) when used otherwise.
/// </summary>
sealed class UndefinedValue(string reason) : Value
{
    public override string Type => "Undefined";
    public override bool Truth => false;
    public override int? Length => 0;
    public override IEnumerable<Value> Items => [];
    public override Value Item(Value key) => throw Error();
    public override Value? Attribute(string name) => throw Error();
    public override void Show(TextBuilder to) => to.Append("Undefined");
    public override bool Equals(Value? other) => other is UndefinedValue;
    public override int GetHashCode() => 1;
    public TemplateException Error() => new(reason);
}

/// <summary>Something to call: a function, a bound method, or a macro.</summary>
sealed class FunctionValue(string name, Func<Run, Arguments, Value> call, string type = "function") : Value
{
    public string Name => name;
    public override string Type => type;

    public override Value? Attribute(string attribute) =>
        attribute == "name" && type == "Macro" ? TextValue.ByTemplate(name) : null;

    public override void Show(TextBuilder to) => to.Append($"<{type} {name}>");
    public override bool Equals(Value? other) => ReferenceEquals(this, other);
    public override int GetHashCode() => name.GetHashCode(StringComparison.Ordinal);
    public Value Call(Run run, Arguments arguments) => call(run, arguments);
}

/// <summary>What <c>namespace()</c> makes: the one thing whose attributes a template may set.</summary>
sealed class NamespaceValue(Dictionary<string, Value> attributes) : Value
{
    public override string Type => "Namespace";
    public override Value? Item(Value key) => key is TextValue name ? Attribute(name.Text) : null;
    public override Value? Attribute(string name) => attributes.GetValueOrDefault(name);
    public override void Show(TextBuilder to) => to.Append("<Namespace>");
    public override bool Equals(Value? other) => ReferenceEquals(this, other);
    public override int GetHashCode() => 2;
    public void Set(string name, Value value) => attributes[name] = value;
}
