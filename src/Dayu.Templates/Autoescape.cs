namespace Dayu.Templates;

/// <summary>
/// <c>{% autoescape true %}…{% endautoescape %}</c>: what is printed inside is escaped for HTML, unless it was marked
/// safe.
/// </summary>
sealed class Autoescape(Mark at, Expression on, IReadOnlyList<Statement> body) : Statement(at)
{
    protected override Flow Do(Run run, Scope scope) =>
        run.Escaping(on.Evaluate(run, scope).Truth, () => All(body, run, new Scope(scope)));
}
