"""寄贈・寄託 (資料収集管理要綱 第12条・第13条): what is offered, what the rules propose, what the committee decides, what becomes of it.

An offer has a ticket number, which stands for the person: no name, no address is kept anywhere.
"""
