// SPDX-License-Identifier: UNLICENSED
pragma solidity 0.8.30;

/// @title The plain part of the weird tokens: an ERC-20 that anybody may mint.
/// @notice Each weird token differs from this in one thing, which its file is named after.
abstract contract WeirdToken {
    mapping(address owner => mapping(address spender => uint256 amount)) public allowance;
    mapping(address owner => uint256 amount) internal _balances;
    uint256 public totalSupply;

    event Transfer(address indexed from, address indexed to, uint256 amount);
    event Approval(address indexed owner, address indexed spender, uint256 amount);

    error TooLittle();

    function mint(address to, uint256 amount) external {
        totalSupply += amount;
        _balances[to] += amount;
        emit Transfer(address(0), to, amount);
    }

    function approve(address spender, uint256 amount) public virtual returns (bool) {
        allowance[msg.sender][spender] = amount;
        emit Approval(msg.sender, spender, amount);
        return true;
    }

    function transfer(address to, uint256 amount) public virtual returns (bool) {
        _move(msg.sender, to, amount);
        return true;
    }

    function transferFrom(address from, address to, uint256 amount) public virtual returns (bool) {
        _spend(from, msg.sender, amount);
        _move(from, to, amount);
        return true;
    }

    function balanceOf(address owner) public view virtual returns (uint256) {
        return _balances[owner];
    }

    function decimals() public view virtual returns (uint8) {
        return 18;
    }

    function _spend(address from, address spender, uint256 amount) internal {
        uint256 allowed = allowance[from][spender];
        if (allowed < amount) revert TooLittle();
        allowance[from][spender] = allowed - amount;
    }

    function _move(address from, address to, uint256 amount) internal virtual {
        uint256 held = _balances[from];
        if (held < amount) revert TooLittle();
        _balances[from] = held - amount;
        _balances[to] += amount;
        emit Transfer(from, to, amount);
    }
}
