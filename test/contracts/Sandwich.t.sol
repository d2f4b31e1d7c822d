// SPDX-License-Identifier: UNLICENSED
pragma solidity 0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SwapExecutor} from "../../contracts/swap/SwapExecutor.sol";
import {SandwichStage} from "./support/SandwichStage.sol";

/// F43: whatever an attacker trades before and after a swap, it takes no more than the tolerance.
contract SandwichTest is SandwichStage {
    /// What an attempt came to; always thrown, so that an attempt changes nothing.
    error Attempt(bool passed, int256 profit);

    struct Scene {
        address pool;
        bool isV3;
        uint256 toleranceBps;
        uint256 quoted;
        SwapExecutor.Swap order;
    }

    uint256 private constant SANDWICHES = 4;
    uint256 private constant STEPS = 10;
    uint256 private constant BPS = 10_000;

    /// Four a run, on pools that the ones before have moved: 1,024 with the runs of npm test.
    function testFuzz_ASandwichTakesAtMostTheTolerance(uint256 seed) public {
        for (uint256 i = 0; i < SANDWICHES; i++) _takesAtMostTheTolerance(_scene(_random(seed, i)));
    }

    function _takesAtMostTheTolerance(Scene memory scene) private {
        uint256 front = _bestFront(scene);
        uint256 paid = _balance(scene.order.tokenIn, address(this));
        (bool passed, uint256 received, int256 profit) = _sandwich(scene, front);
        require(passed, "the attacker did not find how far it may go");
        require(paid - _balance(scene.order.tokenIn, address(this)) == scene.order.amountIn, "");
        uint256 least = scene.quoted - (scene.quoted * scene.toleranceBps) / BPS;
        require(received >= least, "the victim lost more than the tolerance");
        // What the victim does not get is worth more after its own trade, which moves the price by
        // a few hundredths at most: one part in ten for that and for the rounding of small trades.
        uint256 bound = (scene.order.amountIn * scene.toleranceBps * 11) / BPS / 10 + 10;
        require(profit <= int256(bound), "the attacker took more than the tolerance");
    }

    /// One step further than the best, and the victim keeps all of its input.
    function testFuzz_AVictimThatIsPushedTooFarPaysNothing(uint256 seed) public {
        Scene memory scene = _scene(seed);
        uint256 paid = _balance(scene.order.tokenIn, address(this));
        uint256 got = _balance(scene.order.tokenOut, address(this));
        (bool passed, , int256 profit) = _sandwich(scene, DEPTH);
        require(!passed && profit <= 0, "nobody pays the attacker");
        require(paid == _balance(scene.order.tokenIn, address(this)), "paid");
        require(got == _balance(scene.order.tokenOut, address(this)), "got");
    }

    /// The attack is real: without a bound it takes several times what a tolerance would leave it.
    function test_WithoutABoundTheAttackerTakesFarMore() public {
        for (uint256 i = 0; i < 4; i++) {
            Scene memory scene = _scene(i * 7);
            scene.order.amountIn = DEPTH / 60;
            scene.order.minOut = 1;
            (bool passed, , int256 profit) = _sandwich(scene, DEPTH / 3);
            require(passed, "the victim took anything");
            require(profit > int256(scene.order.amountIn / 50), "not worth an attack");
        }
    }

    function _random(uint256 seed, uint256 i) private pure returns (uint256) {
        return uint256(keccak256(abi.encode(seed, i)));
    }

    /// A random swap over the pair or the pool, with a tolerance of 1 to 200 basis points.
    function _scene(uint256 seed) private returns (Scene memory scene) {
        scene.isV3 = seed % 2 == 0;
        scene.pool = scene.isV3 ? pool : pair;
        (address tokenIn, address tokenOut) = (seed >> 1) % 2 == 0 ? (a, b) : (b, a);
        uint256 amount = 1e9 + ((seed >> 2) % (DEPTH / 50));
        scene.toleranceBps = 1 + ((seed >> 128) % 200);
        scene.order = _order(tokenIn, tokenOut, amount, _one(scene.pool));
        uint256 state = vm.snapshotState();
        (, scene.quoted) = _swap(scene.order);
        vm.revertToState(state);
        scene.order.minOut = scene.quoted - (scene.quoted * scene.toleranceBps) / BPS;
    }

    /// The largest trade before the victim's that the victim still bears.
    function _bestFront(Scene memory scene) private returns (uint256 front) {
        uint256 tooFar = DEPTH / 8;
        for (uint256 i = 0; i < STEPS; i++) {
            uint256 middle = (front + tooFar) / 2;
            (bool passed, ) = _attempt(scene, middle);
            if (passed) front = middle;
            else tooFar = middle;
        }
    }

    function _attempt(Scene memory scene, uint256 front) private returns (bool, int256) {
        try this.attempt(scene, front) {
            revert("an attempt always throws");
        } catch (bytes memory reason) {
            require(bytes4(reason) == Attempt.selector, "the attempt failed");
            bytes memory said = new bytes(64);
            for (uint256 i = 0; i < 64; i++) said[i] = reason[i + 4];
            return abi.decode(said, (bool, int256));
        }
    }

    function attempt(Scene calldata scene, uint256 front) external {
        (bool passed, , int256 profit) = _sandwich(scene, front);
        revert Attempt(passed, profit);
    }

    /// Before, the victim, and back again with all that was bought.
    function _sandwich(
        Scene memory scene,
        uint256 front
    ) private returns (bool passed, uint256 received, int256 profit) {
        (address tokenIn, address tokenOut) = (scene.order.tokenIn, scene.order.tokenOut);
        uint256 bought;
        if (front > 0) bought = attacker.trade(scene.pool, scene.isV3, tokenIn, tokenOut, front);
        IERC20(tokenIn).approve(address(executor), scene.order.amountIn);
        try executor.swap(scene.order) returns (uint256, uint256 amount) {
            (passed, received) = (true, amount);
        } catch {}
        if (front == 0) return (passed, received, 0);
        uint256 back = attacker.trade(scene.pool, scene.isV3, tokenOut, tokenIn, bought);
        profit = int256(back) - int256(front);
    }
}
