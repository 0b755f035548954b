using System.Reflection;
using System.Runtime.CompilerServices;

namespace Dayu.Tests;

/// <summary>Every class is abstract or final, and nothing is remembered outside of objects.</summary>
public sealed class TypesTests
{
    static IEnumerable<Type> Types => House.References.Keys.Select(p => Assembly.Load(p == "Dayu.Cli" ? "dayu" : p))
        .SelectMany(a => a.GetTypes())
        .Where(t => !t.FullName!.Contains('<') && t.GetCustomAttribute<CompilerGeneratedAttribute>() is null);

    [Fact]
    public void ClassesAreAbstractOrSealed() =>
        House.None("a class is abstract, sealed or static",
            Types.Where(t => t is { IsClass: true, IsAbstract: false, IsSealed: false }).Select(t => t.FullName!));

    [Fact]
    public void NoStaticFieldCanBeAssigned() => House.None("no static state that changes: what a pass needs travels in Pass",
        from t in Types
        from f in t.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)
        where f is { IsInitOnly: false, IsLiteral: false } && f.GetCustomAttribute<CompilerGeneratedAttribute>() is null
        select $"{t.FullName}.{f.Name}");

    [Fact]
    public void TypesLiveInTheNamespaceOfTheirProject() => House.None("namespace = project",
        from t in Types
        let project = t.Assembly.GetName().Name is "dayu" ? "Dayu.Cli" : t.Assembly.GetName().Name
        where t.Namespace is { } n && n.StartsWith("Dayu", StringComparison.Ordinal) && n != project
        select t.FullName!);
}
