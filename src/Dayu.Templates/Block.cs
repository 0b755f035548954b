namespace Dayu.Templates;

/// <summary>
/// <c>{% block name %}…{% endblock %}</c>. No template extends a chat template, so a block writes its body where it
/// stands, and wherever <c>self.name()</c> asks for it again. It sees the names of the template's top level, not those
/// of a loop around it unless it is <paramref name="scoped"/>, and no <c>autoescape</c> around it.
/// </summary>
sealed class Block(Mark at, string name, bool scoped, bool required, IReadOnlyList<Statement> body) : Statement(at)
{
    public string Name => name;

    protected override Flow Do(Run run, Scope scope) => required
        ? throw new TemplateException($"the block '{name}' is required, and no other template fills it")
        : run.Escaping(false, () => All(body, run, new Scope(scoped ? scope : run.Top)));

    /// <summary>What <c>self</c> is: each block as a function that gives its text.</summary>
    public static NamespaceValue Self(IEnumerable<Block> blocks) => new(blocks.ToDictionary(
        block => block.Name, block => (Value)new FunctionValue(block.Name, (run, _) => block.Text(run)), StringComparer.Ordinal));

    TextValue Text(Run run)
    {
        using var _ = run.Deeper();
        return new(run.Capture(() => Execute(run, run.Top)), run.Escapes);
    }
}
