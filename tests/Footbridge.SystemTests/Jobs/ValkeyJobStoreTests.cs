namespace Footbridge.SystemTests.Jobs;

/// <summary>The same on valkey-server. Built only where it is installed, so it is never missing and never skipped.</summary>
public sealed class ValkeyJobStoreTests : RedisJobStoreTests
{
    protected override string Program => "valkey-server";
}
