namespace Dayu.Templates;

/// <summary>
/// Methods of lists, tuples and dicts. Those that would change one are there too, but unsafe: the sandbox of chat
/// templates is immutable.
/// </summary>
static class CollectionMethods
{
    static readonly Dictionary<string, Builtin> sequence = Builtin.Table(
        new("count", "value", (a, self) => ((SequenceValue)self).List.Count(item => a.Run.Same(item, a[0]!))),
        new("index", "value", (a, self) => Index(a.Run, (SequenceValue)self, a[0]!)),
        new("copy", "", (a, self) => self));

    static readonly Dictionary<string, Builtin> dict = Builtin.Table(
        new("get", "key default?", (a, self) => self.Item(a.Run.Key(a[0]!)) ?? a[1] ?? NoneValue.None),
        new("items", "", (a, self) => Counted(a.Run, (DictValue)self).Pairs(SequenceKind.View, "dict_items")),
        new("keys", "", (a, self) => View(Counted(a.Run, (DictValue)self).Entries.Keys, "dict_keys")),
        new("values", "", (a, self) => View(Counted(a.Run, (DictValue)self).Entries.Values, "dict_values")),
        new("copy", "", (a, self) => self));

    static readonly HashSet<string> changesList = ["append", "clear", "pop", "reverse", "insert", "sort", "extend", "remove"];
    static readonly HashSet<string> changesDict = ["clear", "pop", "popitem", "setdefault", "update"];

    public static Value? OfSequence(SequenceValue self, string name)
    {
        if (self.Kind == SequenceKind.List && changesList.Contains(name))
            return Access.Unsafe(self.Type, name);
        return name != "copy" || self.Kind == SequenceKind.List ? sequence.GetValueOrDefault(name)?.Bind(self) : null;
    }

    public static Value? OfDict(DictValue self, string name) =>
        changesDict.Contains(name) ? Access.Unsafe("dict", name) : dict.GetValueOrDefault(name)?.Bind(self);

    static SequenceValue View(IEnumerable<Value> items, string name) => new([.. items], SequenceKind.View, name);

    static DictValue Counted(Run run, DictValue self)
    {
        run.Step(self.Entries.Count);
        return self;
    }

    static Value Index(Run run, SequenceValue self, Value value)
    {
        for (int i = 0; i < self.List.Count; i++)
            if (run.Same(self.List[i], value))
                return i;
        throw new TemplateException("index(): the list has no such element");
    }
}
